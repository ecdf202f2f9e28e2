// SPDX-License-Identifier: MIT
#pragma once

#include "bench/micro/cases.hpp"
#include "bench/statistics.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bench {

/// How much to measure.
struct MicroPlan {
    unsigned rounds = 31;
    unsigned suspended = 100'000;  ///< coroutines in the measurement of memory
};

/// What one party needs for one thing.
struct MicroResult {
    std::string what, who, unit;
    Spread value;
    std::optional<Spread> ratio;  ///< to the floor in the same round, where there is a floor
};

/// The small things, one by one, each beside its floor. All cases take turns, in random order,
/// round after round; results are in the order of the things, with the floor first, then cogen,
/// then peers.
struct MicroComparison {
    MicroPlan plan;
    std::vector<MicroResult> results;
};

MicroComparison compare_micro(const MicroPlan& plan);

}
