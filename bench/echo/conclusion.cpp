// SPDX-License-Identifier: MIT
#include "bench/echo/conclusion.hpp"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

/// The names as a phrase: "floor, libevent and epoll".
std::string listed(const std::vector<std::string>& names)
{
    std::string phrase = names.front();
    for (std::size_t i = 1; i < names.size(); ++i)
        phrase += (i + 1 < names.size() ? ", " : " and ") + names[i];
    return phrase;
}

/// Rounded as in the table, or the words below it would contradict it.
Spread as_shown(const Spread& spread)
{
    const auto rounded = [](double value) { return std::round(value * 100) / 100; };
    return {rounded(spread.low), rounded(spread.median), rounded(spread.high)};
}

}

std::vector<const EchoResult*> results_at(const EchoComparison& comparison, unsigned connections)
{
    std::vector<const EchoResult*> results;
    for (const auto& result : comparison.results)
        if (result.connections == connections)
            results.push_back(&result);
    return results;
}

std::string conclusion(const std::vector<const EchoResult*>& results)
{
    const auto cheapest = *std::min_element(results.begin(), results.end(), [](auto* a, auto* b) {
        return a->ratio.median < b->ratio.median;
    });
    std::vector<std::string> alike;
    for (const auto* result : results)
        if (overlap(as_shown(result->ratio), as_shown(cheapest->ratio)))
            alike.push_back(result->server);
    if (alike.size() == 1)
        return "Cheapest: " + alike.front() + ".";
    return "Cheapest: " + listed(alike) + "; their spreads overlap: no difference was measured.";
}

}
