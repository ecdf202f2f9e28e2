#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("a step is one turn, and does not wait", "[step]")
{
    World world(each_reactor());
    Scheduler& scheduler = world.scheduler;
    CHECK_FALSE(scheduler.step());
    int steps = 0;
    scheduler.spawn([&](Yield& yield) {
        ++steps;
        yield(Sleep(1h));
        ++steps;
    });
    const TimePoint start = scheduler.now();
    CHECK(scheduler.step());
    CHECK(steps == 1);
    CHECK(scheduler.patience() == 1h);
    CHECK(scheduler.step());
    CHECK(steps == 1);
    CHECK(scheduler.now() == start);
    world.kernel->advance_to(start + 1h);
    CHECK(scheduler.step());  // the timer is due, and wakes
    CHECK(scheduler.patience() == Duration::zero());
    CHECK_FALSE(scheduler.step());
    CHECK(steps == 2);
}

TEST_CASE("a foreign loop may wait as long as it likes where nothing is due", "[step]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    std::size_t count = 0;
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        std::array<char, 8> buffer;
        count = yield(here.read(buffer));
    });
    CHECK(world.scheduler.step());
    CHECK_FALSE(world.scheduler.patience());
    world.scheduler.spawn([&, &there = there](Yield& yield) { yield(there.write("one")); });
    for (int i = 0; i < 5 && world.scheduler.step(); ++i) {}
    CHECK(count == 3);
}

TEST_CASE("a run for a while ends in time, and another goes on where it ended", "[step]")
{
    World world(each_reactor());
    Scheduler& scheduler = world.scheduler;
    int naps = 0;
    scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 5; ++i) {
            yield(Sleep(1s));
            ++naps;
        }
    });
    const TimePoint start = scheduler.now();
    CHECK(scheduler.run_for(2500ms));
    CHECK(naps == 2);
    CHECK(scheduler.now() == start + 2500ms);
    CHECK(scheduler.run_until(start + 4s));
    CHECK(scheduler.now() == start + 4s);
    CHECK_FALSE(scheduler.run_for(1h));  // no longer than there is something to do
    CHECK(naps == 5);
    CHECK(scheduler.now() < start + 1h);
    CHECK(scheduler.run().finished == 1);
}

TEST_CASE("a run for a while cancels nobody who is stuck", "[step]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([](Yield& yield) { yield(WaitForSignal("go")); });
    CHECK_FALSE(world.scheduler.run_for(1h));
    CHECK_FALSE(handle.finished());
    world.scheduler.spawn([](Yield& yield) { yield(Signal("go")); });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK_FALSE(handle.cancelled());
}

TEST_CASE("stop() ends a run for a while, too", "[step]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        world.scheduler.stop();
        yield(Sleep(1h));
    });
    const TimePoint start = world.scheduler.now();
    CHECK_FALSE(world.scheduler.run_for(2h));
    CHECK(world.scheduler.now() == start);
    world.scheduler.stop();
    CHECK_FALSE(world.scheduler.step());
    CHECK(world.scheduler.step());
    CHECK(world.scheduler.patience() == 1h);
}

TEST_CASE("a stop that comes before the run is heeded by it, once", "[step]")
{
    World world(each_reactor());
    bool slept = false;
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        slept = true;
    });
    world.scheduler.stop();
    world.scheduler.run();
    CHECK_FALSE(slept);
    world.scheduler.run();
    CHECK(slept);
}
