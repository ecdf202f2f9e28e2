// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"

#include <string>
#include <vector>

namespace bench {

/// The results at one size, in the servers' order.
std::vector<const Result*> results_at(const Comparison& comparison, unsigned size);

/// Those of cogen's reactors that were measured at some size, by name.
std::vector<std::string> reactors_of(const Comparison& comparison);

/// Rounded as in the tables, or the words below them would contradict them.
Spread as_shown(const Spread& spread);

/// Whether the measurement keeps two servers at one size apart: their spreads, as they are shown,
/// have nothing in common.
bool differ(const Result& one, const Result& other);

/// Two servers at one size.
struct Meeting {
    const Result& first;
    const Result& second;
    unsigned size;
    bool different;
    Spread times;  ///< what the second costs, as a multiple of the first, round by round
};

/// At each size at which both were measured, the least first.
std::vector<Meeting> meetings_of(const Comparison& comparison, const std::string& first,
                                 const std::string& second);

}
