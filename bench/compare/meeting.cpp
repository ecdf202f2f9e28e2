// SPDX-License-Identifier: MIT
#include "bench/compare/meeting.hpp"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

Meeting meeting_of(const Result& first, const Result& second)
{
    std::vector<double> times;
    for (std::size_t round = 0; round < first.cpu_rounds.size(); ++round)
        times.push_back(second.cpu_rounds[round] / first.cpu_rounds[round]);
    return {first, second, first.size, differ(first, second), spread_of(std::move(times))};
}

}

std::vector<const Result*> results_at(const Comparison& comparison, unsigned size)
{
    std::vector<const Result*> results;
    for (const auto& result : comparison.results)
        if (result.size == size)
            results.push_back(&result);
    return results;
}

std::vector<std::string> reactors_of(const Comparison& comparison)
{
    std::vector<std::string> names;
    for (const auto& result : comparison.results)
        if (result.kind == Kind::reactor
            && std::find(names.begin(), names.end(), result.server) == names.end())
            names.push_back(result.server);
    return names;
}

Spread as_shown(const Spread& spread)
{
    const auto rounded = [](double value) { return std::round(value * 100) / 100; };
    return {rounded(spread.low), rounded(spread.median), rounded(spread.high)};
}

bool differ(const Result& one, const Result& other)
{
    return !overlap(as_shown(one.ratio), as_shown(other.ratio));
}

std::vector<Meeting> meetings_of(const Comparison& comparison, const std::string& first,
                                 const std::string& second)
{
    std::vector<Meeting> meetings;
    for (const auto& one : comparison.results)
        for (const auto& other : comparison.results)
            if (one.server == first && other.server == second && one.size == other.size)
                meetings.push_back(meeting_of(one, other));
    return meetings;
}

}
