// SPDX-License-Identifier: MIT
#include "bench/table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>

namespace bench {

Table::Table(std::vector<std::string> heading, std::size_t flush_left) : flush_left_(flush_left)
{
    std::vector<Cell> row;
    for (auto& title : heading)
        row.emplace_back(std::move(title), Look::strong);
    rows_.push_back(std::move(row));
}

void Table::add(std::vector<Cell> row)
{
    assert(row.size() == rows_.front().size());
    rows_.push_back(std::move(row));
}

void Table::print(std::ostream& out) const
{
    const auto width = widths();
    for (const auto& row : rows_) {
        std::string line;
        std::size_t owed = 0;  // blanks we print only if something follows them
        for (std::size_t column = 0; column < row.size(); ++column) {
            const Cell& cell = row[column];
            const std::size_t blanks = width[column] - cell.text.size();
            const bool left = column < flush_left_;
            if (!cell.text.empty()) {
                line.append(owed + (left ? 0 : blanks), ' ').append(dressed(cell.text, cell.look));
                owed = left ? blanks : 0;
            } else {
                owed += blanks;
            }
            owed += 2;
        }
        out << line << '\n';
    }
}

std::vector<std::size_t> Table::widths() const
{
    std::vector<std::size_t> width(rows_.front().size());
    for (const auto& row : rows_)
        for (std::size_t column = 0; column < row.size(); ++column)
            width[column] = std::max(width[column], row[column].text.size());
    return width;
}

std::string fixed(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string counted(std::uint64_t count)
{
    std::string text = std::to_string(count);
    for (std::size_t place = text.size(); place > 3;)
        text.insert(place -= 3, 1, ',');
    return text;
}

std::string readable(double value)
{
    const double size = std::abs(value);
    if (size < 999.5)
        return fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 4);
    return (value < 0 ? "-" : "") + counted(static_cast<std::uint64_t>(std::llround(size)));
}

}
