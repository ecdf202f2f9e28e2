#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("an exception raised in a coroutine that waits is thrown there, once", "[raise]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    const auto handle = world.scheduler.spawn([&, &here = here](Yield& yield) {
        std::array<char, 8> buffer;
        CHECK_THROWS_WITH(yield(here.read(buffer)), "eggs");
        yield(Sleep(1s));
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.raise(handle, std::runtime_error("eggs"));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(handle.finished());
}

TEST_CASE("an exception raised in a ready coroutine is thrown at its next yield", "[raise]")
{
    World world(each_reactor());
    int steps = 0;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        yield(Pass());
        ++steps;
        CHECK_THROWS_WITH(yield(Pass()), "eggs");
        yield(Pass());
        ++steps;
    });
    world.scheduler.spawn(
        [&](Yield&) { world.scheduler.raise(handle, std::runtime_error("eggs")); });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(steps == 2);
}

TEST_CASE("a coroutine that has not begun fails with the exception raised in it", "[raise]")
{
    World world(each_reactor());
    bool begun = false;
    world.scheduler.spawn([&](Yield& yield) {
        const auto handle = world.scheduler.spawn([&](Yield&) { begun = true; });
        world.scheduler.raise(handle, std::runtime_error("eggs"));
        CHECK_THROWS_WITH(yield(Join(handle)), "eggs");
    });
    world.scheduler.run();
    CHECK_FALSE(begun);
}

TEST_CASE("to raise in a coroutine that has finished does nothing", "[raise]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([](Yield&) {});
    world.scheduler.run();
    world.scheduler.raise(handle, std::runtime_error("eggs"));
    CHECK_FALSE(handle.failed());
}

TEST_CASE("raised where it is shielded, an exception waits for the end of the shield", "[raise]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        shielded(yield, [&] { yield(Sleep(2s)); });
        CHECK_THROWS_WITH(yield(Pass()), "eggs");
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.raise(handle, std::runtime_error("eggs"));
        world.scheduler.raise(handle, std::runtime_error("the first stands"));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(handle.finished());
}

TEST_CASE("an exception raised in a caller has the called one cancelled, and is thrown behind it",
          "[raise][call]")
{
    World world(each_reactor());
    bool cancelled = false;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_WITH(yield(Call([&](Yield& y) {
                              try {
                                  y(Sleep(1h));
                              } catch (const Cancelled&) {
                                  cancelled = true;
                                  throw;
                              }
                          })),
                          "eggs");
    });
    world.scheduler.spawn(
        [&](Yield&) { world.scheduler.raise(handle, std::runtime_error("eggs")); });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(cancelled);
}

TEST_CASE("a success that is faster than a raised exception is delivered before it", "[raise]")
{
    World world(each_reactor());
    const auto quick = world.scheduler.spawn([](Yield&) { return 5; });
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        CHECK(yield(Call([](Yield& y) {
                  try {
                      y(Sleep(1h));
                  } catch (const Cancelled&) {}
                  return 7;
              }))
              == 7);
        CHECK_THROWS_WITH(yield(Join(quick)), "eggs");
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.raise(handle, std::runtime_error("eggs"));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an operation that cannot start throws its own exception, whatever waits to be raised",
          "[raise]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        Spawn spawn([](Yield&) {});
        yield(spawn);
        shielded(yield, [&] {
            yield(Sleep(2s));
            CHECK_THROWS_AS(yield(spawn), std::logic_error);
        });
        CHECK_THROWS_WITH(yield(Pass()), "eggs");
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.raise(handle, std::runtime_error("eggs"));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("exceptions that a coroutine handles may be raised in it as often as one likes",
          "[raise]")
{
    World world(each_reactor());
    int caught = 0;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        while (caught < 300)
            try {
                yield(Pass());
            } catch (const std::runtime_error&) {
                ++caught;
            }
    });
    world.scheduler.spawn([&](Yield& yield) {
        while (!handle.finished()) {
            world.scheduler.raise(handle, std::runtime_error("eggs"));
            yield(Pass());
        }
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(caught == 300);
}

TEST_CASE("what is raised passes as_tuple, whatever it is", "[raise][as_tuple]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(Sleep(1h) | as_tuple), system_error);
        CHECK_THROWS_WITH(yield(Sleep(1h) | as_tuple), "eggs");
    });
    world.scheduler.spawn([&](Yield& yield) {
        world.scheduler.raise(handle, system_error(system_error_code(EPIPE)));
        yield(Pass());
        try {
            throw std::runtime_error("eggs");
        } catch (...) {
            world.scheduler.raise(handle, std::current_exception());
        }
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("to cancel, or raise, by an empty handle is an error", "[raise][cancel]")
{
    World world(each_reactor());
    CHECK_THROWS_AS(world.scheduler.cancel(Handle<>()), std::logic_error);
    CHECK_THROWS_AS(world.scheduler.raise(Handle<>(), 7), std::logic_error);
}
