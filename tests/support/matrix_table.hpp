#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace matrix {

/// Rows of cells, the first of them headings, in columns as wide as they must be.
void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

}
