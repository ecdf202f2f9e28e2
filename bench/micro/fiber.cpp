// SPDX-License-Identifier: MIT
//
// Boost.Fiber as it comes: its default scheduler and stacks. It knows no call; the nearest is a
// fiber that is launched at once, past the queue, and joined.
#include "bench/ask_child.hpp"
#include "bench/micro/cases.hpp"

// The headers may be there without the library: then the build defines BENCH_WITHOUT_BOOST_FIBER.
#if __has_include(<boost/fiber/fiber.hpp>) && !defined(BENCH_WITHOUT_BOOST_FIBER)

#include "bench/micro/stopwatch.hpp"

#include <chrono>
#include <vector>

#include <boost/fiber/fiber.hpp>
#include <boost/fiber/operations.hpp>

namespace bench {
namespace {

double time_yield(unsigned count)
{
    RoundRobin round(count);
    std::vector<boost::fibers::fiber> fibers;
    for (unsigned i = 0; i < count; ++i)
        fibers.emplace_back([&round, i] { round.take_turns(i, boost::this_fiber::yield); });
    for (auto& fiber : fibers)
        fiber.join();
    return round.nanoseconds_each();
}

double time_fiber(boost::fibers::launch launch)
{
    constexpr unsigned times = turns_in_a_round / 50;
    Stopwatch watch;
    watch.start();
    for (unsigned i = 0; i < times; ++i)
        boost::fibers::fiber(launch, [] {}).join();
    watch.stop();
    return watch.nanoseconds_each(times);
}

double memory_of_each(unsigned count)
{
    return ask_child([count](const Answer& answer) {
        std::vector<boost::fibers::fiber> fibers;
        fibers.reserve(count);
        const double before = resident_kib();
        for (unsigned i = 0; i < count; ++i)
            fibers.emplace_back(boost::fibers::launch::dispatch,
                                [] { boost::this_fiber::sleep_for(std::chrono::hours(1)); });
        answer((resident_kib() - before) / count);
    });
}

}

MicroCases fiber_cases(unsigned suspended)
{
    using boost::fibers::launch;
    MicroCases cases;
    for (const unsigned count : yield_sizes)
        cases.push_back(
            {yield_among(count), "Boost.Fiber", "ns", [count] { return time_yield(count); }});
    cases.push_back(
        {call_and_return, "Boost.Fiber", "ns", [] { return time_fiber(launch::dispatch); }});
    cases.push_back(
        {spawn_and_finish, "Boost.Fiber", "ns", [] { return time_fiber(launch::post); }});
    cases.push_back({memory_of(suspended), "Boost.Fiber", "KiB",
                     [suspended] { return memory_of_each(suspended); }, true});
    return cases;
}
}

#else

namespace bench {

MicroCases fiber_cases(unsigned) { return {}; }
}

#endif
