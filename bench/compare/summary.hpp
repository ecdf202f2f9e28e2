// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"

#include <string>

namespace bench {

/// One workload in short, for who chooses a reactor: which of them are the cheapest, from where on
/// another costs more than twice as much, and whether by more system calls or dearer ones.
std::string summary(const Comparison& comparison);

}
