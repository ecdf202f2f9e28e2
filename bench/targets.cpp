// SPDX-License-Identifier: MIT
#include "bench/targets.hpp"

#include "bench/micro/cases.hpp"

#include <map>

namespace bench {
namespace {

template <class Key, class Sought>
std::optional<Target> found(const std::map<Key, Target>& targets, const Sought& sought)
{
    const auto place = targets.find(Key(sought));
    return place == targets.end() ? std::nullopt : std::optional(place->second);
}

}

std::optional<Target> cpu_target(std::string_view workload, std::string_view reactor, unsigned size)
{
    static const std::map<unsigned, Target> of_epoll = {
        {1, {1.05, 1.00}},
        {64, {1.03, 1.00}},
        {512, {1.10, 1.00}},
    };
    return workload == "echo" && reactor == "epoll" ? found(of_epoll, size) : std::nullopt;
}

std::optional<Target> calls_target(std::string_view workload, std::string_view reactor,
                                   unsigned size)
{
    if (workload == "echo" && reactor == "epoll" && size == 64)
        return Target{2.05, {}, false};
    return {};
}

std::optional<Target> micro_target(std::string_view what)
{
    static const std::map<std::string, Target> targets = {
        {yield_among(8), {2.0, 1.5}},
        {spawn_and_finish, {8.0, 4.5}},
        {time_out_among(10'000), {20, 4, false}},
        {time_out_among(1'000'000), {130, 68, false}},
        {memory_of(100'000), {4.2, {}, false}},
        {memory_of(1'000'000), {4.718, {}, false}},  // 4.5 GiB for all
    };
    return found(targets, what);
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
