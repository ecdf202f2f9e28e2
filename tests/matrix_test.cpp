#include "tests/support/faulty.hpp"
#include "tests/support/matrix_expected.hpp"
#include "tests/support/matrix_play.hpp"
#include "tests/support/matrix_rows.hpp"
#include "tests/support/matrix_table.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>

#include <fcntl.h>

// Each operation, each way in which it can end, each order of that and of its success, on each
// reactor: what the coroutine gets, beside what it is to get.

using namespace matrix;

namespace {

constexpr std::string_view legend =
    R"(
How operations end, on each reactor, kqueue as three systems have it. In each cell stands what
the coroutine gets; behind a comma what its next yield gets, where that is no success.

    memory        poll, with a network in memory and a clock that jumps instead of waiting
    late          a reactor whose completions all come a turn later
    {timed out}   an error that as_tuple answers with
    no effect     the operation waits on, and then succeeds
    [1]           is otherwise on a reactor: see below
    -             cannot happen, or is not played
)";

/// Row after row: the operations, each with `| as_tuple` behind it where it waits.
std::vector<Row> all_rows()
{
    std::vector<Row> rows = coroutine_rows();
    for (const auto& more :
         {descriptor_rows(), stream_rows(), datagram_rows(), file_rows(), passing_rows()})
        rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

/// The row of a line whose first cell is `name`; "| as_tuple" is that of the operation `above` it.
const Row& row_named(const std::vector<Row>& rows, const std::string& name,
                     const std::string& above)
{
    const bool as_tuple = name == "| as_tuple";
    for (const Row& row : rows)
        if (!row.like && row.as_tuple == as_tuple && row.name == (as_tuple ? above : name))
            return row;
    throw std::logic_error("no operation of the matrix is called " + name);
}

std::size_t own_rows(const std::vector<Row>& rows)
{
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [](const Row& row) { return !row.like; }));
}

int open_descriptors()
{
    int count = 0;
    for (int number = 0; number < 256; ++number)
        count += ::fcntl(number, F_GETFD) >= 0;
    return count;
}

/// Plays the cell on each reactor. Answers with `expected`, or with what there was instead.
std::string play_on_all(const Row& row, Cell cell, const std::string& title,
                        const std::string& expected)
{
    std::string shown = expected;
    for (const std::string& reactor : predictable_reactors()) {
        if (row.not_on && row.not_on == reactor)
            continue;
        cell.reactor = reactor;
        const int open_before = open_descriptors();
        const Outcome outcome = play(row, cell);
        INFO(title << ", on " << reactor);
        CHECK(open_descriptors() == open_before);
        CHECK(outcome.word == word_on(expected, reactor));
        CHECK(outcome.faults == std::vector<std::string>());
        if (outcome.word != word_on(expected, reactor))
            shown += " (" + reactor + ": " + outcome.word + ')';
        for (const std::string& fault : outcome.faults)
            shown += " (" + reactor + ": " + fault + ')';
    }
    return shown;
}

/// Plays the cells of a row, and puts into each what there was instead, if anything was.
void play_row(const ExpectedTable& table, const Row& row, const std::vector<std::string>& heads,
              std::vector<std::string>& cells)
{
    const std::string name = std::string(row.name) + (row.as_tuple ? " | as_tuple" : "");
    for (std::size_t i = 1; i < cells.size(); ++i) {
        if (cells[i] == nothing)
            continue;
        const Cell cell{table.columns[i - 1], table.order, row.as_tuple, {}};
        const std::string title = name + ", " + heads[i] + ": " + std::string(table.title);
        cells[i] = play_on_all(row, cell, title, cells[i]);
    }
}

void play_table(const ExpectedTable& table, const std::vector<Row>& rows)
{
    std::vector<std::vector<std::string>> shown;
    std::string above;
    for (const std::string_view line : lines_of(table.text)) {
        const std::vector<std::string> cells = cells_of(line);
        REQUIRE(cells.size() == table.columns.size() + 1);
        if (shown.empty()) {
            shown.push_back(cells);
            continue;
        }
        const Row& row = row_named(rows, cells[0], above);
        above = row.name;
        shown.push_back(cells);
        if (row.as_tuple)
            shown.back()[0] = "  " + cells[0];
        play_row(table, row, shown[0], shown.back());
        for (const Row& other : rows)
            if (other.like && other.like == std::string_view(row.name)
                && other.as_tuple == row.as_tuple) {
                shown.push_back(cells);
                shown.back()[0] = std::string(other.name) + (other.as_tuple ? " | as_tuple" : "");
                play_row(table, other, shown[0], shown.back());
            }
    }
    std::cout << '\n' << table.title << '\n';
    print_table(std::cout, shown);
}

}

TEST_CASE("each operation ends as it is told to, once, in each order and on each reactor, and "
          "nothing is lost",
          "[matrix]")
{
    const std::vector<Row> rows = all_rows();
    std::cout << legend;
    for (const ExpectedTable& table : expected_tables()) {
        if (table.order == Order::alone)
            CHECK(lines_of(table.text).size() == own_rows(rows) + 1);  // no operation is left out
        play_table(table, rows);
    }
    std::cout << '\n';
    for (const Difference& difference : differences())
        std::cout << difference.mark << " on the " << difference.reactor << " reactor \""
                  << difference.word << "\": " << difference.why << '\n';
}
