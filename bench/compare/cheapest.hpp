// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"

#include <string>
#include <vector>

namespace bench {

/// The cheapest of at least one result at one size: in the order of their medians, from the lowest
/// on, all before the first that the measurement keeps apart from the lowest. So a wide spread
/// alone makes nobody cheap.
std::vector<std::string> cheapest_of(const std::vector<const Result*>& results);

/// These in a sentence.
std::string cheapest(const std::vector<const Result*>& results);

/// Who cost less than the floor at one size, with the system calls of both; empty where nobody did.
std::string below_floor(const Noun& unit, const std::vector<const Result*>& results);

}
