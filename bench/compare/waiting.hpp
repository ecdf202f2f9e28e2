// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"

#include <string>
#include <vector>

namespace bench {

/// How each of the measured reactors waits, a sentence for each: what the interface lays down, and
/// no measurement. It is what the figures of explanations() come from; so only where there are such
/// for the size alone, and empty elsewhere.
std::vector<std::string> ways_of_waiting(const Comparison& comparison);

}
