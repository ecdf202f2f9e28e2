#include "tests/support/child.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>

using namespace cogen;

// fork(2) copies a program with all its coroutines, but what they wait for is shared with the
// original, or not there at all.

namespace {

/// A reader who waits, and what he has got.
struct Waiting {
    World& world;
    std::pair<Socket, Socket> sockets = socket_pair(world.scheduler);
    std::string got = {};

    void begin()
    {
        world.scheduler.spawn([this](Yield& yield) { got = read_up_to(yield, sockets.first, 5); });
        for (int turns = 0; turns < 3; ++turns)
            world.scheduler.step();
    }

    void finish()
    {
        world.scheduler.spawn([this](Yield& yield) { yield(sockets.second.write("hello")); });
        CHECK(world.scheduler.run().failed == 0);
        CHECK(got == "hello");
    }
};

const char* const why_none = "its network is in the memory of one process";

}

TEST_CASE("in a child of fork a scheduler refuses to run, and the parent's goes on",
          "[fork][contract]")
{
    World world(each_reactor({{"memory", why_none}}));
    Waiting waiting{world};
    waiting.begin();
    const Child child = child_that_runs([&] {
        try {
            world.scheduler.run();
        } catch (const std::logic_error& error) {
            std::fputs(error.what(), stderr);
        }
    });
    CHECK(child.status == 0);
    CHECK(child.errors.find("child of fork") != std::string::npos);
    waiting.finish();
}

TEST_CASE("a child of fork makes a scheduler of its own, and the parent does not notice",
          "[fork][contract]")
{
    World world(each_reactor({{"memory", why_none}}));
    Waiting waiting{world};
    waiting.begin();
    const Child child = child_that_runs([&] {
        World of_its_own(world.name);
        Waiting there{of_its_own};
        there.begin();
        there.finish();
        if (there.got != "hello")
            std::fputs("it got nothing", stderr);
    });
    CHECK(child.status == 0);
    CHECK(child.errors.empty());
    waiting.finish();
}

TEST_CASE("a child of fork may destroy its parent's scheduler, and sockets, and the parent does "
          "not notice",
          "[fork][contract]")
{
    World world(each_reactor({{"memory", why_none}}));
    Waiting waiting{world};
    waiting.begin();
    const Child child = child_that_runs([&] {
        waiting.sockets = std::pair<Socket, Socket>();
        world.scheduler.~Scheduler();
    });
    CHECK(child.status == 0);
    CHECK(child.errors.empty());
    waiting.finish();
}

TEST_CASE(
    "a child of fork may take its parent's sockets for itself, and the parent does not notice",
    "[fork][contract]")
{
    World world(each_reactor({{"memory", why_none}}));
    Waiting waiting{world};
    waiting.begin();
    const Child child = child_that_runs([&] { waiting.sockets.first.release(); });
    CHECK(child.status == 0);
    CHECK(child.errors.empty());
    waiting.finish();
}

TEST_CASE("a child of fork may destroy a scheduler whose sockets it has closed by itself",
          "[fork][contract]")
{
    World world(each_reactor({{"memory", why_none}}));
    Waiting waiting{world};
    waiting.begin();
    const Child child = child_that_runs([&] {
        ::close(waiting.sockets.first.descriptor().number());
        world.scheduler.~Scheduler();
    });
    CHECK(child.status == 0);
    CHECK(child.errors.empty());
    waiting.finish();
}

TEST_CASE("what ends in a child of fork goes on being waited for in its parent", "[fork][contract]")
{
    World world(each_reactor({{"memory", why_none}}));
    auto [here, there] = socket_pair(world.scheduler);
    while (::send(here.descriptor().number(), "spam", 4, MSG_DONTWAIT) > 0) {}  // until it is full
    bool readable = false, writable = false;
    const auto reader = world.scheduler.spawn([&, &here = here](Yield& yield) {
        yield(WaitReadable(here.descriptor()) | within(1s));
        readable = true;
    });
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        yield(WaitWritable(here.descriptor()) | within(1s));
        writable = true;
    });
    for (int turns = 0; turns < 3; ++turns)
        world.scheduler.step();
    const Child child = child_that_runs([&] { world.scheduler.cancel(reader); });
    CHECK(child.status == 0);
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(there.write("x"));
        yield(Join(reader));
        CHECK_FALSE(writable);
        std::array<char, 4096> buffer;
        while (!std::get<0>(yield(there.read(buffer) | within(500ms) | as_tuple))) {}
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(readable);
    CHECK(writable);
}

TEST_CASE("a coroutine that forks comes no further in the child than to its next yield",
          "[fork][contract]")
{
    World world(each_reactor({{"memory", why_none}}));
    constexpr int refused = 7;
    int status = 0;
    bool went_on = false;
    world.scheduler.spawn([&](Yield& yield) {
        status = status_of_child([&] {
            yield(Sleep(1s));
            went_on = true;
        });
    });
    try {
        world.scheduler.run();
    } catch (const std::logic_error&) {  // in the child
        ::_exit(went_on ? 0 : refused);
    }
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == refused);
}
