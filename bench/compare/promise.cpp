// SPDX-License-Identifier: MIT
#include "bench/compare/promise.hpp"

#include "bench/compare/meeting.hpp"

#include <optional>

namespace bench {
namespace {

/// What `result` costs; none where that is to be a multiple of what another costs who is not there.
std::optional<Spread> measured(const Comparison& comparison, const Result& result,
                               const CostTarget& promised)
{
    if (promised.cost == Cost::calls) {
        const double calls = result.calls_per_unit();
        return Spread{calls, calls, calls};
    }
    for (const auto& meeting : meetings_of(comparison, promised.target.base, result.server))
        if (meeting.size == result.size)
            return meeting.times;
    return {};
}

}

std::string Promise::verdict() const { return bench::verdict(measured, promised.target); }

std::vector<Promise> promises_at(const Comparison& comparison, unsigned size)
{
    std::vector<Promise> promises;
    for (const auto* result : results_at(comparison, size))
        for (const auto& promised : cost_targets(comparison.workload.name, result->server, size))
            if (const auto spread = measured(comparison, *result, promised))
                promises.push_back({result->server, promised, *spread});
    return promises;
}

std::string in_words(const Promise& promise, const Noun& unit)
{
    if (promise.promised.cost == Cost::calls)
        return promise.reactor + "'s system calls a " + unit.one;
    return promise.reactor + "'s CPU as a multiple of " + promise.promised.target.base + "'s";
}

}
