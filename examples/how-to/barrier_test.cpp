// The test of an operation of one's own, on a clock that jumps when all sleep.
#include "examples/how-to/barrier.hpp"
#include "examples/how-to/expect.hpp"

#include <reactors/virtual_clock.hpp>

#include <vector>

using namespace cogen;

// [world]
/// A scheduler for one test: an hour in it takes no time.
struct World {
    VirtualClock clock{system_kernel()};
    Scheduler scheduler{make_reactor({}, clock)};
    const TimePoint start = scheduler.now();

    Duration passed() { return scheduler.now() - start; }
};
// [/world]

// [all]
void test_all_go_on_together()
{
    World world;
    Barrier barrier(3);
    std::vector<Duration> went_on;
    int last = 0;
    const auto come = [&](Yield& yield, Duration late) {
        yield(Sleep(late));
        last += yield(Arrive(barrier));
        went_on.push_back(world.passed());
    };
    for (const Duration late : {2h, 1h, 3h})
        world.scheduler.spawn(come, late);
    world.scheduler.run();
    expect(went_on == std::vector<Duration>(3, 3h), "all go on when the last has arrived");
    expect(last == 1, "one of them was the last");
}
// [/all]

// [early]
void test_who_gives_up_has_not_arrived()
{
    World world;
    Barrier barrier(2);
    world.scheduler.spawn([&](Yield& yield) {
        const auto [error, last] = yield(Arrive(barrier) | within(30s) | as_tuple);
        expect(error == errc::timed_out && !last, "its time may run out");
        expect(world.passed() == 30s, "that takes as long as it was given");

        const Handle<bool> other =
            yield(Spawn([&](Yield& y) { return y(Arrive(barrier)); }) | priority::op);
        world.scheduler.cancel(other);
        yield(Join(other) | as_tuple);
        expect(other.cancelled(), "it may be cancelled");
    });
    world.scheduler.run();

    world.scheduler.spawn([&](Yield& yield) { yield(Arrive(barrier)); });
    const Report report = world.scheduler.run();
    expect(report.stuck.size() == 1, "neither of them is counted");
    expect(report.stuck.at(0).operation == "Arrive(1 of 2)", "a report says who is awaited");
}
// [/early]

// [race]
void test_success_is_not_taken_back()
{
    World world;
    Barrier barrier(2);
    bool arrived = false;
    const Handle<> first = world.scheduler.spawn([&](Yield& yield) {
        yield(Arrive(barrier));
        arrived = true;
        yield(Pass());
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Arrive(barrier));
        world.scheduler.cancel(first);  // which is ready, and has not run
    });
    world.scheduler.run();
    expect(arrived, "who is cancelled when all have arrived has arrived");
    expect(first.cancelled(), "and hears of it at the next yield");
}
// [/race]

int main()
{
    test_all_go_on_together();
    test_who_gives_up_has_not_arrived();
    test_success_is_not_taken_back();
    return failures;
}
