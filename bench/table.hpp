// SPDX-License-Identifier: MIT
#pragma once

#include "bench/terminal.hpp"

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace bench {

/// One entry of a table.
struct Cell {
    Cell(std::string words, Look dress = Look::plain) : text(std::move(words)), look(dress) {}
    Cell(const char* words) : text(words) {}

    std::string text;
    Look look = Look::plain;
};

/// Text in aligned columns: the leading ones flush left, the others, which hold numbers, flush
/// right.
class Table {
public:
    Table(std::vector<std::string> heading, std::size_t flush_left = 1);

    void add(std::vector<Cell> row);
    void print(std::ostream& out) const;

private:
    std::vector<std::size_t> widths() const;

    std::vector<std::vector<Cell>> rows_;
    std::size_t flush_left_;
};

/// A number with so many digits after the point.
std::string fixed(double value, int digits);

/// A count, with commas between the thousands.
std::string counted(std::uint64_t count);

/// A number to three significant digits where it is small, in whole thousands marked by commas
/// where it is large: 0.0412, 5.27, 48.1, 1,204.
std::string readable(double value);

}
