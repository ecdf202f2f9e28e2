// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"

#include <string>
#include <vector>

namespace bench {

/// The names as a phrase: "floor, libevent and epoll".
std::string listed(const std::vector<std::string>& names);

/// The results at one size, in the servers' order.
std::vector<const Result*> results_at(const Comparison& comparison, unsigned size);

/// Whether the measurement keeps two servers at one size apart: their spreads, as they are shown,
/// have nothing in common.
bool differ(const Result& one, const Result& other);

/// In a sentence, which of them are the cheapest: all those whose spreads the measurement does not
/// keep apart from the lowest one's.
std::string cheapest(const std::vector<const Result*>& results);

/// Each two of cogen's reactors beside each other, over all sizes: where they do not differ, where
/// they do and by how much, and from where on one costs more than twice the other.
std::vector<std::string> conclusions(const Comparison& comparison);

}
