// SPDX-License-Identifier: MIT
#include "bench/micro/micro.hpp"

#include "bench/interrupt.hpp"
#include "bench/processors.hpp"
#include "bench/table.hpp"
#include "bench/terminal.hpp"

#include <algorithm>
#include <random>

namespace bench {
namespace {

/// A case with what came out of its rounds.
struct Measured {
    MicroCase task;
    std::vector<double> values;

    bool wanted_in(unsigned round) const { return round == 0 || !task.once; }
};

/// The cases of all parties, those of one thing side by side, things in the order of first mention.
std::vector<Measured> all_cases(unsigned suspended)
{
    std::vector<Measured> cases;
    for (const auto& party : {floor_cases(suspended), cogen_cases(suspended), timer_cases(),
                              fiber_cases(suspended), asio_cases(suspended)})
        for (const auto& task : party) {
            const auto last =
                std::find_if(cases.rbegin(), cases.rend(),
                             [&](const Measured& other) { return other.task.what == task.what; });
            cases.insert(last == cases.rend() ? cases.end() : last.base(), Measured{task, {}});
        }
    return cases;
}

void run_rounds(std::vector<Measured>& cases, unsigned rounds)
{
    Progress progress;
    for (auto& measured : cases)
        if (!measured.task.once)
            measured.task.measure();  // warm-up: stacks, free lists, caches
    std::mt19937 random(1);
    std::vector<Measured*> order;
    for (auto& measured : cases)
        order.push_back(&measured);
    for (unsigned round = 0; round < rounds; ++round) {
        progress.show("micro, round", round + 1, rounds);
        std::shuffle(order.begin(), order.end(), random);
        for (Measured* measured : order) {
            stop_if_interrupted();
            if (measured->wanted_in(round))
                measured->values.push_back(measured->task.measure());
        }
    }
}

Spread ratio_of(const std::vector<double>& values, const std::vector<double>& floor)
{
    std::vector<double> ratios;
    for (std::size_t round = 0; round < values.size(); ++round)
        ratios.push_back(values[round] / floor[round]);
    return spread_of(std::move(ratios));
}

}

std::string yield_among(unsigned coroutines)
{
    return "yield, " + std::to_string(coroutines) + " coroutines";
}

std::string memory_of(unsigned suspended)
{
    return "memory, each of " + readable(suspended) + " suspended";
}

std::string time_out_among(unsigned live)
{
    return "time-out cancelled and set, " + readable(live) + " live";
}

MicroComparison compare_micro(const MicroPlan& plan)
{
    stay_on(choose_processors().load);
    auto cases = all_cases(plan.suspended);
    run_rounds(cases, plan.rounds);

    MicroComparison comparison{plan, {}};
    const Measured* floor = nullptr;  // of the thing at hand; it stands first
    for (const auto& measured : cases) {
        const auto& task = measured.task;
        if (task.who == "floor")
            floor = &measured;
        MicroResult result{task.what, task.who, task.unit, spread_of(measured.values), {}};
        if (floor && floor->task.what == task.what)
            result.ratio = ratio_of(measured.values, floor->values);
        comparison.results.push_back(std::move(result));
    }
    return comparison;
}

}
