// SPDX-License-Identifier: MIT
//
// Asio's own coroutines, C++20's, which need no stack: `co_await post` is their yield. This file
// stands alone because Asio's headers take longer to compile than all the others together.
#include "bench/micro/cases.hpp"

#if __has_include(<boost/asio/co_spawn.hpp>)

#include "bench/ask_child.hpp"
#include "bench/micro/stopwatch.hpp"
#include "bench/micro/time_outs.hpp"

#include <deque>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
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

asio::awaitable<void> call_often(unsigned times, Stopwatch* watch)
{
    watch->start();
    for (; times > 0; --times)
        co_await nothing();
    watch->stop();
}

double time_call()
{
    constexpr unsigned times = turns_in_a_round / 10;
    asio::io_context context(1);
    Stopwatch watch;
    co_spawn(context, call_often(times, &watch), asio::detached);
    context.run();
    return watch.nanoseconds_each(times);
}

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

asio::awaitable<void> sleep_long()
{
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(asio::use_awaitable);
}

double memory_of_each(unsigned count)
{
    return ask_child([count](const Answer& answer) {
        asio::io_context context(1);
        const double before = resident_kib();
        for (unsigned i = 0; i < count; ++i)
            co_spawn(context, sleep_long, asio::detached);
        context.poll();
        answer((resident_kib() - before) / count);
    });
}

/// Each time-out that is cancelled calls its handler, which is part of the price.
class AsioTimers {
public:
    explicit AsioTimers(unsigned live)
    {
        for (unsigned i = 0; i < live; ++i)
            timers_.emplace_back(context_);
    }

    void set(unsigned which, cogen::TimePoint now, cogen::Duration delay)
    {
        timers_[which].expires_at(asio::steady_timer::time_point(now.time_since_epoch() + delay));
        timers_[which].async_wait([](const boost::system::error_code&) {});
        if (which % 16 == 0)
            context_.poll();
    }
    void cancel(unsigned which) { timers_[which].cancel(); }

private:
    asio::io_context context_{1};
    std::deque<asio::steady_timer> timers_;
};

}

MicroCases asio_cases(unsigned suspended)
{
    MicroCases cases;
    for (const unsigned count : yield_sizes)
        cases.push_back({yield_among(count), "Asio", "ns", [count] { return time_yield(count); }});
    cases.push_back({call_and_return, "Asio", "ns", time_call});
    cases.push_back({spawn_and_finish, "Asio", "ns", time_spawn});
    cases.push_back({memory_of(suspended), "Asio", "KiB",
                     [suspended] { return memory_of_each(suspended); }, true});
    for (const unsigned live : time_out_sizes)
        cases.push_back(time_outs<AsioTimers>(live, "Asio"));
    return cases;
}
}

#else

namespace bench {

MicroCases asio_cases(unsigned) { return {}; }
}

#endif
