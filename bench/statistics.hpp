// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace bench {

/// The middle of some measurements and how far they scatter: the median between its quartiles.
struct Spread {
    double low = 0;
    double median = 0;
    double high = 0;
};

/// Sums up at least one value.
Spread spread_of(std::vector<double> values);

/// Whether two spreads have values in common. Where they do, the measurement does not tell the two
/// apart, whatever their medians say.
bool overlap(const Spread& one, const Spread& other);

}
