#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("joining answers with what the coroutine returned", "[join]")
{
    World world(each_reactor());
    std::string got;
    world.scheduler.spawn([&](Yield& yield) {
        const auto cook = yield(Spawn([](Yield& y) {
            y(Sleep(1s));
            return std::string("spam");
        }));
        got = yield(Join(cook));
    });
    world.scheduler.run();
    CHECK(got == "spam");
}

TEST_CASE("one that has ended already can be joined, and again", "[join]")
{
    World world(each_reactor());
    int sum = 0;
    const auto handle = world.scheduler.spawn([](Yield&) { return 21; });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        sum = yield(Join(handle)) + yield(Join(handle));
    });
    world.scheduler.run();
    CHECK(sum == 42);
}

TEST_CASE("many joiners go on in the order in which they came", "[join]")
{
    World world(each_reactor());
    std::string order;
    const auto handle = world.scheduler.spawn([](Yield& yield) { yield(Sleep(1s)); });
    for (char name : {'a', 'b', 'c', 'd'})
        world.scheduler.spawn([&order, handle, name](Yield& yield) {
            yield(Join(handle));
            order += name;
        });
    world.scheduler.run();
    CHECK(order == "abcd");
}

TEST_CASE("each joiner gets the exception, and the handler none", "[join]")
{
    World world(each_reactor());
    int handled = 0;
    int caught = 0;
    world.scheduler.on_exception([&](const Record&, std::exception_ptr) { ++handled; });
    const auto handle = world.scheduler.spawn([](Yield& yield) {
        yield(Sleep(1s));
        throw std::runtime_error("no eggs");
    });
    const auto joiner = [&](Yield& yield) {
        try {
            yield(Join(handle));
        } catch (const std::runtime_error& error) {
            caught += error.what() == std::string("no eggs");
        }
    };
    world.scheduler.spawn(joiner);
    world.scheduler.spawn(joiner);
    world.scheduler.run();
    CHECK(caught == 2);
    CHECK(handled == 0);
    CHECK(handle.failed());
}

TEST_CASE("a value that cannot be copied goes to the first who joins", "[join]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([](Yield&) { return std::make_unique<int>(7); });
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(*yield(Join(handle)) == 7);
        CHECK_THROWS_AS(yield(Join(handle)), std::logic_error);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("to join oneself is an error, not an endless wait", "[join]")
{
    World world(each_reactor());
    Handle<> self;
    self = world.scheduler.spawn([&](Yield& yield) {
        try {
            yield(Join(self));
            FAIL("it joined itself");
        } catch (const system_error& error) {
            CHECK(error.code() == errc::deadlock);
            CHECK(std::string(error.what()).find("Join(#1)") != std::string::npos);
        }
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("two that join each other are reported as stuck, and cancelled", "[join]")
{
    World world(each_reactor());
    Handle<> first, second;
    int cancelled = 0;
    const auto wait_for = [&](Yield& yield, Handle<>& other) {
        try {
            yield(Join(other));
        } catch (const Cancelled&) {
            ++cancelled;
            throw;
        }
    };
    first = world.scheduler.spawn([&](Yield& yield) { wait_for(yield, second); }).named("hen");
    second = world.scheduler.spawn([&](Yield& yield) { wait_for(yield, first); }).named("egg");
    const Report report = world.scheduler.run();
    REQUIRE(report.stuck.size() == 2);
    CHECK(report.stuck[0].coroutine == "#1 hen");
    CHECK(report.stuck[0].operation == "Join(#2 egg)");
    CHECK(report.stuck[0].spawned_at.find("join_test.cpp:") != std::string::npos);
    CHECK(report.stuck[1].coroutine == "#2 egg");
    CHECK(cancelled == 2);
    CHECK(first.finished());
    CHECK(second.finished());
}

TEST_CASE("a joiner that is cancelled waits no longer, and the other runs on", "[join][cancel]")
{
    World world(each_reactor());
    const auto sleeper = world.scheduler.spawn([](Yield& yield) {
        yield(Sleep(10s));
        return 5;
    });
    const auto joiner = world.scheduler.spawn([&](Yield& yield) { yield(Join(sleeper)); });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(joiner);
        yield(Pass());
        yield(Pass());
        CHECK(joiner.finished());
        CHECK_FALSE(sleeper.finished());
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(sleeper.record().value() == 5);
}

TEST_CASE("to join one that was cancelled is an error, and no cancellation of the joiner",
          "[join][cancel]")
{
    World world(each_reactor());
    const auto sleeper = world.scheduler.spawn([](Yield& yield) { yield(Sleep(1h)); });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(sleeper);
        try {
            yield(Join(sleeper));
            FAIL("it came to its end");
        } catch (const system_error& error) {
            CHECK(error.code() == errc::cancelled);
        }
        CHECK(sleeper.cancelled());
        CHECK_FALSE(sleeper.failed());
        yield(Sleep(1s));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an empty handle cannot be joined", "[join]")
{
    CHECK_THROWS_AS(Join(Handle<>()), std::logic_error);
}
