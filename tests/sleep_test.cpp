#include "tests/support/child.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace cogen;

TEST_CASE("a sleeper wakes exactly when its time is up", "[sleep]")
{
    World world(each_reactor());
    const TimePoint start = world.scheduler.now();
    TimePoint woken{};
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(90min));
        woken = world.scheduler.now();
    });
    const Report report = world.scheduler.run();
    CHECK(woken - start == 90min);
    CHECK(report.finished == 1);
    CHECK(report.stuck.empty());
}

TEST_CASE("sleepers wake in the order of their deadlines, and equal ones in that of their yields",
          "[sleep]")
{
    World world(each_reactor());
    std::string order;
    const auto sleeper = [&](Yield& yield, Duration duration, char name) {
        yield(Sleep(duration));
        order += name;
    };
    world.scheduler.spawn(sleeper, Duration(30ms), 'c');
    world.scheduler.spawn(sleeper, Duration(10ms), 'a');
    world.scheduler.spawn(sleeper, Duration(20ms), '1');
    world.scheduler.spawn(sleeper, Duration(20ms), '2');
    world.scheduler.spawn(sleeper, Duration(20ms), '3');
    world.scheduler.run();
    CHECK(order == "a123c");
}

TEST_CASE("to sleep for nothing or less lets the others run once", "[sleep]")
{
    World world(each_reactor());
    std::string order;
    const Duration duration = GENERATE(Duration(0), Duration(-1s), Duration::min());
    world.scheduler.spawn([&](Yield& yield) {
        order += 'a';
        yield(Sleep(duration));
        order += 'c';
    });
    world.scheduler.spawn([&](Yield&) { order += 'b'; });
    const TimePoint start = world.scheduler.now();
    world.scheduler.run();
    CHECK(order == "abc");
    CHECK(world.scheduler.now() == start);
}

TEST_CASE("one sleeps until a point in time, and not at all where it has passed", "[sleep]")
{
    World world(each_reactor());
    const TimePoint start = world.scheduler.now();
    TimePoint first{}, second{};
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(start + 2s));
        first = world.scheduler.now();
        yield(Sleep(start + 1s));
        yield(Sleep(TimePoint::min()));
        second = world.scheduler.now();
    });
    world.scheduler.run();
    CHECK(first == start + 2s);
    CHECK(second == first);
}

TEST_CASE("a sleep of more than the clock can hold is the longest that there is", "[sleep]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) { yield(Sleep(std::chrono::hours::max())); });
    world.scheduler.run();
    CHECK(world.scheduler.now() == TimePoint::max());
}

TEST_CASE("a delay counts from the yield, not from when the operation was made", "[sleep]")
{
    World world(each_reactor());
    const TimePoint start = world.scheduler.now();
    world.scheduler.spawn([&](Yield& yield) {
        Sleep sleep(1s);
        yield(Sleep(5s));
        yield(sleep);
        CHECK(world.scheduler.now() == start + 6s);
        yield(sleep);
        CHECK(world.scheduler.now() == start + 7s);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a coroutine that hogs the loop does not shorten the sleep it yields then", "[sleep]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        world.kernel->advance_to(world.scheduler.now() + 5s);  // five seconds of work
        const TimePoint yielded = world.scheduler.now();
        yield(Sleep(1s));
        CHECK(world.scheduler.now() - yielded == 1s);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a sleeping coroutine lets the others run", "[sleep]")
{
    World world(each_reactor());
    int steps = 0;
    bool awake = false;
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        awake = true;
    });
    world.scheduler.spawn([&](Yield& yield) {
        for (; steps < 1000 && !awake; ++steps)
            yield(Pass());
    });
    world.scheduler.run();
    CHECK(steps == 1000);
    CHECK(awake);
}

TEST_CASE("a lone sleep costs a handful of waits, on the real clock too", "[sleep]")
{
    const std::string name = each_users_reactor();
    // In a process of its own: rings that ended in this one a moment ago interrupt its waits.
    const Child child = child_that_runs([&] {
        struct Waits final : Instrument {
            int count = 0;
            void before_wait(Patience) noexcept override { ++count; }
        } waits;
        Scheduler scheduler(reactor_named(name, system_kernel()));
        scheduler.attach(waits);
        const TimePoint start = Clock::now();
        scheduler.spawn([&](Yield& yield) { yield(Sleep(20ms)); });
        scheduler.run();
        if (Clock::now() - start < 20ms)
            std::fputs("it woke early", stderr);
        if (waits.count > 3)
            std::fprintf(stderr, "it took %d waits", waits.count);
    });
    CHECK(child.status == 0);
    CHECK(child.errors.empty());
}

TEST_CASE("a cancelled sleeper is told so at once", "[sleep][cancel]")
{
    World world(each_reactor());
    bool cancelled = false;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        try {
            yield(Sleep(1h));
        } catch (const Cancelled&) {
            cancelled = true;
            throw;
        }
    });
    const TimePoint start = world.scheduler.now();
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(handle);
    });
    const Report report = world.scheduler.run();
    CHECK(cancelled);
    CHECK(world.scheduler.now() == start + 1s);
    CHECK(report.failed == 0);
    CHECK(handle.finished());
}

TEST_CASE("a sleeper wakes in the turn in which its time is up", "[sleep]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const std::uint64_t turn = world.scheduler.turn();
        yield(Sleep(1s));
        CHECK(world.scheduler.turn() == turn + 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}
