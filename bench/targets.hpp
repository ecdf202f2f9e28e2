// SPDX-License-Identifier: MIT
#pragma once

#include "bench/statistics.hpp"
#include "bench/terminal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bench {

/// What cogen has promised itself. `must` is the limit, `aim` what the best possible would reach.
struct Target {
    double must = 0;
    std::optional<double> aim;

    /// Whether the limit holds for the ratio to the floor; else for the figure itself.
    bool of_ratio = true;
};

/// The promise for processor time per unit of a workload on a reactor, as a ratio to the floor's.
std::optional<Target> cpu_target(std::string_view workload, std::string_view reactor,
                                 unsigned size);

/// The promise for system calls per unit.
std::optional<Target> calls_target(std::string_view workload, std::string_view reactor,
                                   unsigned size);

/// The promise for a figure of the micro benchmark, by its name.
std::optional<Target> micro_target(std::string_view what);

/// "met" or "not met" by the median; "(close)" where the spread reaches over the limit, so that the
/// next run may say otherwise.
std::string verdict(const Spread& measured, const Target& target);

Look look_of_verdict(std::string_view verdict);

}
