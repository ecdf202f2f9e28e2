// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"

#include <string>
#include <vector>

namespace bench {

/// The names as a phrase: "floor, libevent and epoll".
std::string listed(const std::vector<std::string>& names);

/// "1, 8 and 64 connections".
std::string at(const Noun& noun, const std::vector<unsigned>& sizes);

/// How to understand that two do not differ, in words: said once for all conclusions.
std::string what_differing_means();

/// Each of cogen's reactors beside the first, over all sizes: where they do not differ, where they
/// do and by how much, and from where on one costs more than twice the other.
std::vector<std::string> conclusions(const Comparison& comparison);

}
