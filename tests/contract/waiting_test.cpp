// How a reactor waits: for how long, and what ends it.
#include "tests/support/interruptions.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace cogen;

namespace {

const NotApplicable memory_does_not_wait{"memory", "its waits do not last"};
const NotApplicable is_woken_by_chance{"faulty-io_uring", "its ring may wake it when nobody has"};
const NotApplicable late_has_one_thread{"late", "it lives within one thread"};
const NotApplicable faulty_ends_early{"faulty", "its waits may end before that"};
const NotApplicable asio_sleeps_on{
    "asio", "it sleeps on after a signal, whose handler wakes it if it is to"};

/// Waits until it is woken. Before that, waits may end in vain, and not by signals alone: what is
/// left of a ring that this thread has closed, Linux clears away in the midst of its next call.
bool is_woken(Reactor& reactor)
{
    for (int waits = 0; waits < 1000; ++waits)
        if (reactor.wait(std::nullopt))
            return true;
    return false;
}

/// Nothing moves any more. Before that, a wait without patience may say that something is on its
/// way, be it of no use to anybody.
bool comes_to_rest(Reactor& reactor)
{
    for (int waits = 0; waits < 1000; ++waits)
        if (!reactor.wait(Duration::zero()))
            return true;
    return false;
}

}

TEST_CASE("a reactor that nothing waits in is empty, and does not block for ever", "[contract]")
{
    const std::string name = each_reactor({is_woken_by_chance});
    const auto kernel = kernel_for(name);
    const auto reactor = reactor_named(name, *kernel);
    CHECK(reactor->empty());
    CHECK(comes_to_rest(*reactor));
    CHECK_FALSE(reactor->wait(Duration(1ms)));
}

TEST_CASE("a wait is ended from another thread, or before it began", "[contract]")
{
    const std::string name =
        each_reactor({memory_does_not_wait, late_has_one_thread, faulty_ends_early});
    const auto reactor = reactor_named(name, system_kernel());
    reactor->wake();
    CHECK(is_woken(*reactor));
    std::thread other([&] { reactor->wake(); });
    CHECK(is_woken(*reactor));
    other.join();
    CHECK(comes_to_rest(*reactor));
}

TEST_CASE("signals that arrive during a wait end it without an error, and do not go lost",
          "[contract]")
{
    const auto reactor = reactor_named(
        each_reactor({memory_does_not_wait, asio_sleeps_on, is_woken_by_chance}), system_kernel());
    const Interruptions interruptions;
    while (interruptions.count() < 3)
        CHECK_FALSE(reactor->wait(std::nullopt));  // nobody but the signal ends it
}

TEST_CASE("another thread wakes it, however many of its waits were ended by signals before",
          "[contract]")
{
    const auto reactor = reactor_named(each_reactor({memory_does_not_wait, asio_sleeps_on,
                                                     late_has_one_thread, faulty_ends_early}),
                                       system_kernel());
    const Interruptions interruptions;
    std::atomic<int> in_vain{0};
    std::thread other([&] {
        while (in_vain < 3)
            std::this_thread::yield();
        reactor->wake();
    });
    while (!reactor->wait(std::nullopt))
        ++in_vain;
    other.join();
    CHECK(in_vain >= 3);
    CHECK(comes_to_rest(*reactor));
}

TEST_CASE("what sleeps, reads and writes notices nothing of signals that arrive all the time",
          "[contract][read][write][sleep]")
{
    Scheduler scheduler(reactor_named(each_reactor({memory_does_not_wait}), system_kernel()));
    const Interruptions interruptions;
    bool early = false;
    std::size_t exchanges = 0;
    const auto enough = [&] { return interruptions.count() >= 50; };
    scheduler.spawn([&](Yield& yield) {
        while (!enough()) {
            const TimePoint start = scheduler.now();
            yield(Sleep(3ms));
            early |= scheduler.now() < start + 3ms;
        }
    });
    scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(Spawn(echo, std::move(there)));
        const std::string much(300'000, 'x');
        while (!enough()) {
            const auto writer =
                yield(Spawn([&, &here = here](Yield& y) { return y(here.write(much)); }));
            CHECK(read_up_to(yield, here, much.size()) == much);
            CHECK(yield(Join(writer)) == much.size());
            ++exchanges;
        }
    });
    const Report report = scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
    CHECK_FALSE(early);
    CHECK(exchanges > 0);
}

TEST_CASE("a sleeper that another makes oversleep wakes at once, whoever waits for a descriptor",
          "[contract][sleep]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        char byte;
        CHECK_THROWS_AS(yield(here.read({&byte, 1})), ClosedError);
    });
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        const TimePoint start = world.scheduler.now();
        yield(Sleep(2s));
        CHECK(world.scheduler.now() == start + 6s);
        yield(here.close());
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.kernel->advance_to(world.scheduler.now() + 5s);  // five seconds of work
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("time does not jump while somebody can go on", "[contract][sleep]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    const TimePoint start = world.scheduler.now();
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        char byte;
        yield(here.read({&byte, 1}));
        CHECK(world.scheduler.now() == start);
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(there.write("x"));
        yield(Sleep(1h));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(world.scheduler.now() == start + 1h);
}
