// SPDX-License-Identifier: MIT
//
// Asio's own coroutines, C++20's, which need no stack: `co_await post` is their yield. This file
// stands alone because Asio's headers take longer to compile than all the others together.
#include "bench/micro/cases.hpp"

#if __has_include(<boost/asio/co_spawn.hpp>)

#include "bench/micro/stopwatch.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bench {
namespace {

namespace asio = boost::asio;

/// The body of RoundRobin::take_turns(), which cannot await.
asio::awaitable<void> take_turns(unsigned turns, Stopwatch* start, Stopwatch* stop)
{
    if (start)
        start->start();
    for (; turns > 0; --turns)
        co_await asio::post(asio::use_awaitable);
    if (stop)
        stop->stop();
}

double time_yield(unsigned count)
{
    const unsigned turns = turns_in_a_round / count;
    Stopwatch watch;
    asio::io_context context(1);
    for (unsigned i = 0; i < count; ++i)
        co_spawn(context,
                 take_turns(turns, i + 1 == count ? &watch : nullptr, i == 0 ? &watch : nullptr),
                 asio::detached);
    context.run();
    return watch.nanoseconds_each(turns * count);
}

asio::awaitable<void> nothing() { co_return; }

double time_spawn()
{
    constexpr unsigned times = turns_in_a_round / 50;
    asio::io_context context(1);
    Stopwatch watch;
    watch.start();
    for (unsigned i = 0; i < times; ++i) {
        co_spawn(context, nothing, asio::detached);
        context.run();
        context.restart();
    }
    watch.stop();
    return watch.nanoseconds_each(times);
}

}

MicroCases asio_cases()
{
    MicroCases cases;
    for (const unsigned count : yield_sizes)
        cases.push_back({yield_among(count), "Asio", "ns", [count] { return time_yield(count); }});
    cases.push_back({spawn_and_finish, "Asio", "ns", time_spawn});
    return cases;
}
}

#else

namespace bench {

MicroCases asio_cases() { return {}; }
}

#endif
