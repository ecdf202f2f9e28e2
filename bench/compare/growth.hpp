// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"

#include <string>
#include <vector>

namespace bench {

/// Why the costs of a unit change with the size, as far as the figures show it: by how much for
/// each connection, whether in proportion, in which part the kernel's, and whether it is more
/// calls or dearer ones. Empty where there are fewer than two sizes.
std::vector<std::string> explanations(const Comparison& comparison);

}
