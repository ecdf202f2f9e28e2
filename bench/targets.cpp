// SPDX-License-Identifier: MIT
#include "bench/targets.hpp"

#include "bench/micro/cases.hpp"

#include <limits>
#include <map>

namespace bench {
namespace {

constexpr unsigned any = std::numeric_limits<unsigned>::max();

/// For the figure itself.
Target itself(double must, std::optional<double> aim = {}) { return {must, aim, ""}; }

struct Promised {
    std::string_view workload, reactor;
    unsigned from, to;  // sizes
    CostTarget what;
};

const std::vector<Promised>& all_promised()
{
    static const std::vector<Promised> all = {
        {"echo", "epoll", 1, 1, {Cost::cpu, {1.05, 1.00}}},
        {"echo", "epoll", 64, 64, {Cost::cpu, {1.03, 1.00}}},
        {"echo", "epoll", 64, 64, {Cost::calls, itself(2.05)}},
        {"echo", "epoll", 512, 512, {Cost::cpu, {1.10, 1.00}}},
        {"echo", "io_uring", 64, 64, {Cost::cpu, {1.03, {}, "ring"}}},
        {"echo", "io_uring", 64, 64, {Cost::calls, itself(0.2)}},
        {"echo", "io_uring", 512, 512, {Cost::cpu, {1.05, {}, "ring"}}},
        {"echo", "io_uring", 1, 1, {Cost::cpu, {1.05, {}, "epoll"}}},
        {"echo", "io_uring", 4, 4, {Cost::cpu, {1.00, {}, "epoll"}}},
        {"echo", "io_uring", 16, any, {Cost::cpu, {0.95, {}, "epoll"}}},
    };
    return all;
}

}

std::vector<CostTarget> cost_targets(std::string_view workload, std::string_view reactor,
                                     unsigned size)
{
    std::vector<CostTarget> targets;
    for (const auto& promised : all_promised())
        if (promised.workload == workload && promised.reactor == reactor && promised.from <= size
            && size <= promised.to)
            targets.push_back(promised.what);
    return targets;
}

std::optional<Target> micro_target(std::string_view what)
{
    static const std::map<std::string, Target> targets = {
        {yield_among(8), {2.0, 1.5}},
        {spawn_and_finish, {8.0, 4.5}},
        {time_out_among(10'000), itself(20, 4)},
        {time_out_among(1'000'000), itself(130, 68)},
        {memory_of(100'000), itself(4.2)},
        {memory_of(1'000'000), itself(4.718)},  // 4.5 GiB for all
    };
    const auto place = targets.find(std::string(what));
    return place == targets.end() ? std::nullopt : std::optional(place->second);
}

std::string verdict(const Spread& measured, const Target& target)
{
    const bool close = measured.low <= target.must && target.must < measured.high;
    return std::string(measured.median <= target.must ? "met" : "not met")
           + (close ? " (close)" : "");
}

Look look_of_verdict(std::string_view verdict)
{
    if (verdict.empty())
        return Look::plain;
    return verdict.starts_with("met") ? Look::good : Look::bad;
}

}
