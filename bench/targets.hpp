// SPDX-License-Identifier: MIT
#pragma once

#include "bench/statistics.hpp"
#include "bench/terminal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What cogen has promised itself. `must` is the limit, `aim` what the best possible would reach.
struct Target {
    double must = 0;
    std::optional<double> aim;

    /// Whose figure the limit is a multiple of; empty: it holds for the figure itself.
    std::string base = "floor";
};

/// What one unit of a workload costs a server.
enum class Cost { cpu, calls };

/// A target for what a reactor costs at some size of a workload.
struct CostTarget {
    Cost cost;
    Target target;
};

/// All there are for one reactor at one size.
std::vector<CostTarget> cost_targets(std::string_view workload, std::string_view reactor,
                                     unsigned size);

/// The promise for a figure of the micro benchmark, by its name.
std::optional<Target> micro_target(std::string_view what);

/// "met" or "not met" by the median; "(close)" where the spread reaches over the limit, so that the
/// next run may say otherwise.
std::string verdict(const Spread& measured, const Target& target);

Look look_of_verdict(std::string_view verdict);

}
