// SPDX-License-Identifier: MIT
//
// cogen's part: each figure is what a user's coroutine pays, everything included.
#include "bench/ask_child.hpp"
#include "bench/micro/cases.hpp"
#include "bench/micro/stopwatch.hpp"

#include <memory>

#include <cogen/cogen.hpp>

namespace bench {
namespace {

using namespace cogen;
using SharedScheduler = std::shared_ptr<Scheduler>;  // one for all, so that it is warm

void pass_on(Yield& yield, RoundRobin* round, unsigned index)
{
    round->take_turns(index, [&] { yield(Pass{}); });
}

double time_yield(Scheduler& scheduler, unsigned count)
{
    RoundRobin round(count);
    for (unsigned i = 0; i < count; ++i)
        scheduler.spawn(pass_on, &round, i);
    scheduler.run();
    return round.nanoseconds_each();
}

void nothing(Yield&) {}

constexpr unsigned times = turns_in_a_round / 10;

void call_often(Yield& yield, Stopwatch* watch)
{
    watch->start();
    for (unsigned i = 0; i < times; ++i)
        yield(Call(nothing));
    watch->stop();
}

void spawn_often(Yield& yield, Stopwatch* watch)
{
    watch->start();
    for (unsigned i = 0; i < times; ++i)
        yield(Spawn(nothing));
    watch->stop();
}

double time_coroutine(Scheduler& scheduler, void (*body)(Yield&, Stopwatch*))
{
    Stopwatch watch;
    scheduler.spawn(body, &watch);
    scheduler.run();
    return watch.nanoseconds_each(times);
}

void sleep_long(Yield& yield) { yield(Sleep(1h)); }

void weigh(Yield&, const Answer* answer, double before, unsigned count)
{
    (*answer)((resident_kib() - before) / count);
}

/// The one that weighs is spawned last, so it runs when all the others are asleep.
double memory_of_each(unsigned count)
{
    return ask_child([count](const Answer& answer) {
        Scheduler scheduler;
        const double before = resident_kib();
        for (unsigned i = 0; i < count; ++i)
            scheduler.spawn(sleep_long);
        scheduler.spawn(weigh, &answer, before, count);
        scheduler.run();
    });
}

}

MicroCases cogen_cases(unsigned suspended)
{
    const auto scheduler = std::make_shared<Scheduler>();
    MicroCases cases;
    for (const unsigned count : yield_sizes)
        cases.push_back(
            {yield_among(count), "cogen", "ns", [=] { return time_yield(*scheduler, count); }});
    cases.push_back(
        {call_and_return, "cogen", "ns", [=] { return time_coroutine(*scheduler, call_often); }});
    cases.push_back(
        {spawn_and_finish, "cogen", "ns", [=] { return time_coroutine(*scheduler, spawn_often); }});
    cases.push_back({memory_of(suspended), "cogen", "KiB",
                     [suspended] { return memory_of_each(suspended); }, true});
    return cases;
}

}
