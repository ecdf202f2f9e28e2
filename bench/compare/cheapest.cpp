// SPDX-License-Identifier: MIT
#include "bench/compare/cheapest.hpp"

#include "bench/compare/conclusion.hpp"
#include "bench/compare/meeting.hpp"
#include "bench/table.hpp"

#include <algorithm>
#include <limits>

namespace bench {
namespace {

double median_of(const Result& result) { return as_shown(result.ratio).median; }

/// " with 5.52 system calls a connection".
std::string calls_of(const Noun& unit, const Result& result)
{
    const double calls = result.calls_per_unit();
    return calls > 0 ? " with " + fixed(calls, 2) + " system calls a " + unit.one
                     : " with calls that are not counted";
}

}

std::vector<std::string> cheapest_of(const std::vector<const Result*>& results)
{
    const auto lowest = *std::min_element(results.begin(), results.end(), [](auto* a, auto* b) {
        return a->ratio.median < b->ratio.median;
    });
    double dearer = std::numeric_limits<double>::infinity();
    for (const auto* result : results)
        if (differ(*result, *lowest))
            dearer = std::min(dearer, median_of(*result));
    std::vector<std::string> names;
    for (const auto* result : results)
        if (median_of(*result) < dearer)
            names.push_back(result->server);
    return names;
}

std::string cheapest(const std::vector<const Result*>& results)
{
    const auto names = cheapest_of(results);
    return "Cheapest: " + listed(names)
           + (names.size() == 1 ? "." : ", none of which differs measurably from the lowest.");
}

std::string below_floor(const Noun& unit, const std::vector<const Result*>& results)
{
    const auto floor = std::find_if(results.begin(), results.end(),
                                    [](auto* result) { return result->kind == Kind::floor; });
    std::vector<std::string> below;
    for (const auto* result : results)
        if (as_shown(result->ratio).high < 1)
            below.push_back(result->server + calls_of(unit, *result));
    if (floor == results.end() || below.empty())
        return "";
    return "Below the floor: " + listed(below) + "; the floor itself" + calls_of(unit, **floor)
           + ". It is the plainest loop, and here not the cheapest.";
}

}
