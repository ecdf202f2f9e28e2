#pragma once

#include "tests/support/matrix_cell.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace matrix {

/// A table of what is to be: its columns, and a line for each operation.
struct ExpectedTable {
    Order order;
    std::string_view title;
    std::vector<End> columns;
    std::string_view text;  ///< a line of headings, then the rows; between cells two spaces or more
};

/// Where one reactor differs. A cell that ends in `mark` means the word before it for all but it.
struct Difference {
    std::string_view mark;
    std::string_view reactor;
    std::string_view word;
    std::string_view why;
};

/// What the documents say of each operation, each end and each order.
const std::vector<ExpectedTable>& expected_tables();
const std::vector<Difference>& differences();

/// The cells of a line: what stands between two spaces or more.
std::vector<std::string> cells_of(std::string_view line);

/// The lines of a text that are not empty.
std::vector<std::string_view> lines_of(std::string_view text);

/// What a cell says of one reactor.
std::string word_on(std::string_view cell, std::string_view reactor);

/// In a cell: this is not tried, since it cannot happen.
inline constexpr std::string_view nothing = "-";

}
