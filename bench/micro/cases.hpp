// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace bench {

/// One thing to measure, done by one party.
struct MicroCase {
    std::string what;  ///< "yield, 8 coroutines": the same words for all who do it
    std::string who;   ///< "floor", "cogen", or the name of a peer
    std::string unit;  ///< of what measure() answers: "ns" or "KiB"

    /// One round: does it often enough to take some milliseconds, and answers with what one costs.
    std::function<double()> measure;

    bool once = false;  ///< a count that does not scatter: a single round says it
};

using MicroCases = std::vector<MicroCase>;

/// The parties, each in the file of its name. A peer that was not installed when the program was
/// built has no cases.
MicroCases floor_cases(unsigned suspended);
MicroCases cogen_cases(unsigned suspended);
MicroCases timer_cases();
MicroCases fiber_cases(unsigned suspended);
MicroCases asio_cases(unsigned suspended);

/// The words that several of them use.
inline constexpr unsigned yield_sizes[] = {2, 8, 64, 1000};
std::string yield_among(unsigned coroutines);
inline const std::string call_and_return = "call and return";
inline const std::string spawn_and_finish = "spawn, run, finish";
std::string memory_of(unsigned suspended);
std::string time_out_among(unsigned live);

}
