// SPDX-License-Identifier: MIT
//
// Boost.Fiber as it comes: its default scheduler and stacks.
#include "bench/micro/cases.hpp"

// The headers may be there without the library: then the build defines BENCH_WITHOUT_BOOST_FIBER.
#if __has_include(<boost/fiber/fiber.hpp>) && !defined(BENCH_WITHOUT_BOOST_FIBER)

#include "bench/micro/stopwatch.hpp"

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

double time_spawn()
{
    constexpr unsigned times = turns_in_a_round / 50;
    Stopwatch watch;
    watch.start();
    for (unsigned i = 0; i < times; ++i)
        boost::fibers::fiber([] {}).join();
    watch.stop();
    return watch.nanoseconds_each(times);
}

}

MicroCases fiber_cases()
{
    MicroCases cases;
    for (const unsigned count : yield_sizes)
        cases.push_back(
            {yield_among(count), "Boost.Fiber", "ns", [count] { return time_yield(count); }});
    cases.push_back({spawn_and_finish, "Boost.Fiber", "ns", time_spawn});
    return cases;
}
}

#else

namespace bench {

MicroCases fiber_cases() { return {}; }
}

#endif
