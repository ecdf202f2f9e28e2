#include "tests/support/child.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

namespace {

/// An operation that nothing completes but somebody who is kind, and that counts who asks it to
/// end.
class Never final : public Operation {
public:
    Record* cancel(error_code why) override
    {
        ++asked;
        reason = why;
        return nullptr;
    }
    void result() const { throw_if_failed(); }
    std::string describe() const override { return "Never()"; }

    int asked = 0;
    error_code reason;

private:
    Coroutine* start(Scheduler&) override { return nullptr; }
};

/// Lets `count` cancellations pass unheeded; the first of them ends a sleep.
void swallow(Yield& yield, int count)
{
    for (int i = 0; i < count; ++i)
        try {
            yield(Sleep(1h));
        } catch (const Cancelled&) {}
}

}

TEST_CASE("a coroutine on the stack of one that was cancelled is not cancelled", "[cancel]")
{
    World world(each_reactor());
    const auto first = world.scheduler.spawn([](Yield& yield) { yield(Sleep(1h)); });
    const Coroutine* const stack = first.record().coroutine();
    bool slept = false;
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(first);
        yield(Sleep(1s));
        yield(Spawn([&](Yield& y) {
            CHECK(world.scheduler.current() == stack);
            y(Sleep(1s));
            slept = true;
        }));
    });
    CHECK(world.scheduler.run().finished == 3);
    CHECK(first.cancelled());
    CHECK(slept);
}

TEST_CASE("to cancel one that has ended does nothing to whoever has its stack now", "[cancel]")
{
    World world(each_reactor());
    const auto first = world.scheduler.spawn([](Yield&) {});
    const Coroutine* const stack = first.record().coroutine();
    world.scheduler.run();
    const auto second = world.scheduler.spawn([](Yield& yield) { yield(Sleep(1s)); });
    CHECK(second.record().coroutine() == stack);
    CHECK(first.record().coroutine() == nullptr);
    world.scheduler.cancel(first);
    world.scheduler.run();
    CHECK(second.finished());
    CHECK_FALSE(second.cancelled());
}

TEST_CASE(
    "one whose operations are complete at once lets the others run, and can be cancelled then",
    "[cancel]")
{
    World world(each_reactor());
    const auto done = world.scheduler.spawn([](Yield&) {});
    int joins = 0;
    const auto busy = world.scheduler.spawn([&](Yield& yield) {
        for (; joins < 10'000; ++joins)
            yield(Join(done));
    });
    world.scheduler.spawn([&](Yield&) {
        CHECK(joins < 32);  // not for the whole turn
        CHECK(busy.record().state() == State::ready);
        world.scheduler.cancel(busy);
    });
    world.scheduler.run();
    CHECK(busy.cancelled());
    CHECK(joins < 10'000);
}

TEST_CASE("an operation is asked once to end, however often its coroutine is cancelled", "[cancel]")
{
    World world(each_reactor());
    Never never;
    const auto waiter = world.scheduler.spawn([&](Yield& yield) { yield(never); });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Pass());
        world.scheduler.cancel(waiter);
        world.scheduler.cancel(waiter);
        CHECK(never.asked == 1);
        CHECK(never.reason == errc::cancelled);
        CHECK_FALSE(waiter.finished());
        never.complete(never.reason);
    });
    world.scheduler.run();
    CHECK(waiter.cancelled());
}

TEST_CASE("a run that had to cancel somebody is followed by one that need not", "[cancel]")
{
    World world(each_reactor());
    Handle<> stuck, late;
    bool slept = false;
    stuck = world.scheduler.spawn([&](Yield& yield) {
        const auto other = yield(Spawn([&](Yield& y) { y(Join(stuck)); }));
        try {
            yield(Join(other));
        } catch (const Cancelled&) {
            late = world.scheduler.spawn([](Yield&) {});
            throw;
        }
    });
    CHECK(world.scheduler.run().stuck.size() == 2);
    CHECK(late.cancelled());  // it came while all were being cancelled
    const auto next = world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        slept = true;
    });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(slept);
    CHECK_FALSE(next.cancelled());
}

TEST_CASE("a call that succeeds although it was to be cancelled answers, and the next yield throws",
          "[cancel][call]")
{
    World world(each_reactor());
    int answer = 0;
    const auto caller = world.scheduler.spawn([&](Yield& yield) {
        answer = yield(Call([](Yield& y) {
            try {
                y(Sleep(1h));
            } catch (const Cancelled&) {}
            return 5;
        }));
        yield(Pass());
    });
    world.scheduler.spawn([&](Yield&) { world.scheduler.cancel(caller); });
    world.scheduler.run();
    CHECK(answer == 5);
    CHECK(caller.cancelled());
}

TEST_CASE("run() while a scheduler ends is an error", "[cancel]")
{
    bool refused = false;
    {
        World world(each_reactor());
        world.scheduler.spawn([&](Yield& yield) {
            try {
                yield(Sleep(1h));
            } catch (const Cancelled&) {
                CHECK_THROWS_AS(world.scheduler.run(), std::logic_error);
                refused = true;
                throw;
            }
        });
        world.scheduler.spawn([&](Yield&) { world.scheduler.stop(); });
        world.scheduler.run();
    }
    CHECK(refused);
}

TEST_CASE("a coroutine may swallow its cancellation a number of times", "[cancel]")
{
    World world(each_reactor());
    for (int round = 0; round < 2; ++round) {  // the second time on the same stack
        const auto handle = world.scheduler.spawn(swallow, 90);
        world.scheduler.spawn([&](Yield&) { world.scheduler.cancel(handle); });
        world.scheduler.run();
        CHECK(handle.finished());
    }
}

TEST_CASE("one that swallows its cancellation for ever ends the program, by name", "[cancel]")
{
    const Child child = child_that_runs([] {
        World world("poll");
        const auto handle = world.scheduler.spawn(swallow, 1'000'000'000).named("glutton");
        world.scheduler.spawn([&](Yield&) { world.scheduler.cancel(handle); });
        world.scheduler.run();
    });
    CHECK(child.died_of(SIGABRT));
    CHECK(child.errors.find("coroutine #1 glutton") != std::string::npos);
    CHECK(child.errors.find("100 times; the last time at Sleep(3600s)") != std::string::npos);
}
