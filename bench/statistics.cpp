// SPDX-License-Identifier: MIT
#include "bench/statistics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace bench {
namespace {

/// The value below which the given share of the sorted values lies, interpolated between
/// neighbours.
double quantile(const std::vector<double>& sorted, double share)
{
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(place));
    const auto above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

}

Spread spread_of(std::vector<double> values)
{
    assert(!values.empty());
    std::sort(values.begin(), values.end());
    return {quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

bool overlap(const Spread& one, const Spread& other)
{
    return one.low <= other.high && other.low <= one.high;
}

}
