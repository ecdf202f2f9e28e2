#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <memory>

using namespace cogen;

namespace {

/// How long `body` has taken, in the world's time.
template <class Body>
Duration time_of(World& world, Body body)
{
    const TimePoint start = world.scheduler.now();
    body();
    return world.scheduler.now() - start;
}

/// What a coroutine does that keeps the processor to itself for so long.
void hog(World& world, Duration duration)
{
    world.kernel->advance_to(world.kernel->now() + duration);
}

}

TEST_CASE("an operation that takes too long ends with a TimeoutError that says which", "[within]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    std::string what;
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        std::array<char, 8> buffer;
        CHECK(time_of(world,
                      [&] {
                          try {
                              yield(here.read(buffer) | within(2s));
                          } catch (const TimeoutError& error) {
                              what = error.what();
                          }
                      })
              == 2s);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(what.find("Read(fd ") == 0);
    CHECK(what.find(", 8 bytes) | within(2s): timed out") != std::string::npos);
}

TEST_CASE("an operation in time is as it is without a limit, and leaves no timer", "[within]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    const Duration time = time_of(world, [&, &here = here, &there = there] {
        world.scheduler.spawn([&](Yield& yield) {
            std::array<char, 8> buffer;
            CHECK(yield(here.read(buffer) | within(1h)) == 3);
            CHECK(yield(here.read(buffer) | within(1h)) == 2);
            yield(Sleep(1s) | within(1h));
            CHECK(yield(Call([](Yield& y) {
                            y(Pass());
                            return 7;
                        })
                        | within(1h))
                  == 7);
        });
        world.scheduler.spawn([&](Yield& yield) {
            yield(there.write("one") | within(1h));
            yield(Sleep(1s));
            yield(there.write("2!"));
        });
        CHECK(world.scheduler.run().failed == 0);
    });
    CHECK(time == 2s);
}

TEST_CASE("what can be had at once needs no time at all", "[within]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        std::array<char, 8> buffer;
        yield(there.write("one"));
        CHECK(yield(here.read(buffer) | within(0s)) == 3);
        CHECK_THROWS_AS(yield(here.read(buffer) | within(-1s)), TimeoutError);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("of two limits the nearer counts, whichever is outside", "[within]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(time_of(world,
                      [&] {
                          CHECK_THROWS_AS(yield(Sleep(1h) | within(1s) | within(2s)), TimeoutError);
                      })
              == 1s);
        CHECK(time_of(world,
                      [&] {
                          CHECK_THROWS_AS(yield(Sleep(1h) | within(2s) | within(1s)), TimeoutError);
                      })
              == 1s);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a named operation can be limited, and asked afterwards how far it has come", "[within]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    const std::string large(8 << 20, 'x');
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        Write write = here.write(large);
        CHECK_THROWS_AS(yield(write | within(1s)), TimeoutError);
        CHECK(write.so_far() > 0);
        CHECK(write.so_far() < large.size());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an operation that gets on is not idle, and one that stops is", "[within]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    const std::string large(4 << 20, 'x');
    std::size_t taken = 0;
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        Write write = here.write(large);
        const Duration time =
            time_of(world, [&] { CHECK_THROWS_AS(yield(write | idle_limit(2s)), TimeoutError); });
        CHECK(time >= 7s);  // 1 s after the other, five times; then 2 s in vain
        CHECK(time <= 8s);
        CHECK(write.so_far() > taken);
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        std::vector<char> buffer(512 << 10);  // more than the system keeps for us
        for (int i = 0; i < 5; ++i) {
            yield(Sleep(1s));
            taken += read_up_to(yield, there, buffer.size()).size();
        }
        yield(Sleep(1min));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a call that takes too long is cancelled, and has cleaned up when the time-out is told",
          "[within][call]")
{
    World world(each_reactor());
    bool cleaned = false;
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(Call([&](Yield& y) {
                                  try {
                                      y(Sleep(1h));
                                  } catch (const Cancelled&) {
                                      shielded(y, [&] { y(Sleep(1s)); });
                                      cleaned = true;
                                      throw;
                                  }
                              })
                              | within(2s)),
                        TimeoutError);
        CHECK(cleaned);
        yield(Pass());  // the caller was not cancelled
    });
    const TimePoint start = world.scheduler.now();
    CHECK(world.scheduler.run().failed == 0);
    CHECK(world.scheduler.now() - start == 3s);
}

TEST_CASE("a call that succeeds although its time is over has its result delivered",
          "[within][call]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const int answer = yield(Call([](Yield& y) {
                                     try {
                                         y(Sleep(1h));
                                     } catch (const Cancelled&) {}
                                     return 5;
                                 })
                                 | within(2s));
        CHECK(answer == 5);
        yield(Pass());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what is there when the time is over is a success", "[within]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        std::array<char, 8> buffer;
        CHECK(yield(here.read(buffer) | within(2s)) == 3);
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(Sleep(1s));
        yield(there.write("one"));
        hog(world, 5s);  // when the loop looks again, the data is there and the time is over
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a coroutine that keeps the processor does not cost others the time they ask for later",
          "[within]")
{
    World world(each_reactor());
    for (const Duration wish : {1s, 2s, 3s})
        world.scheduler.spawn([&, wish](Yield& yield) {
            yield(Pass());  // the one below has its turn first
            const Duration time = time_of(
                world, [&] { CHECK_THROWS_AS(yield(Sleep(1h) | within(wish)), TimeoutError); });
            CHECK(time == wish);
        });
    world.scheduler.spawn([&](Yield&) { hog(world, 5s); });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what cannot start fails as it does without a limit", "[within]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) {
        Spawn spawn([](Yield&) {});
        yield(spawn);
        CHECK_THROWS_AS(yield(spawn | within(1s)), std::logic_error);
        std::array<char, 8> buffer;
        CHECK(error_of(yield, Socket().read(buffer) | within(1s)) == system_error_code(EBADF));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a limited operation can be yielded again after it has timed out", "[within]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto nap = Sleep(1h) | within(1s);
        CHECK(time_of(world,
                      [&] {
                          CHECK_THROWS_AS(yield(nap), TimeoutError);
                          CHECK_THROWS_AS(yield(nap), TimeoutError);
                      })
              == 2s);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a cancelled coroutine finds its limited operation cancelled, not timed out", "[within]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([](Yield& yield) {
        CHECK_THROWS_AS(yield(Sleep(1h) | within(1min)), Cancelled);
        yield(Pass() | within(1s));
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(handle);
    });
    world.scheduler.run();
    CHECK(handle.cancelled());
}

TEST_CASE("a socket's time counts where the operation says none, and the scheduler's where neither",
          "[within][timeout]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        std::array<char, 8> buffer;
        const auto takes = [&](auto&& read) {
            return time_of(world, [&] { CHECK_THROWS_AS(yield(read), TimeoutError); });
        };
        world.scheduler.default_timeout(3s);
        CHECK(takes(here.read(buffer)) == 3s);
        here.timeout(2s);
        CHECK(takes(here.read(buffer)) == 2s);
        CHECK(takes(here.read(buffer) | within(5s)) == 5s);
        here.timeout(Timeout::never());
        CHECK(takes(here.read(buffer) | within(1h)) == 1h);
        here.timeout({});
        world.scheduler.default_timeout({});
        CHECK(takes(here.read(buffer) | within(1h)) == 1h);
    });
    world.scheduler.run();
}

TEST_CASE("an operation in time does not let its socket's time end a later one", "[timeout]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        std::array<char, 8> buffer;
        here.timeout(2s);
        CHECK(yield(here.read(buffer)) == 3);
        yield(Sleep(1h));
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(Sleep(1s));
        yield(there.write("one"));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("to wait for connections takes as long as it takes", "[timeout]")
{
    World world(each_reactor());
    world.scheduler.default_timeout(1s);
    world.scheduler.spawn([](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        yield(Spawn([&](Yield& y) {
            y(Sleep(1h));
            y(Connect(listener.endpoint()));
        }));
        yield(listener.accept());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a named operation that is limited anew is interrupted anew", "[within][raise]")
{
    World world(each_reactor());
    int caught = 0;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        WaitForSignal<> word("go");
        using Limited = decltype(word | within(1h));
        alignas(Limited) std::array<std::byte, sizeof(Limited)> place;
        auto* const limited = reinterpret_cast<Limited*>(place.data());
        std::construct_at(limited, word | within(1h));
        CHECK_THROWS_WITH(yield(*limited), "eggs");
        std::destroy_at(limited);
        place.fill({});  // whoever still asks the limit that is gone is found out
        ++caught;
        shielded(yield, [&] { yield(Sleep(2s)); });  // in which the next is raised
        CHECK_THROWS_WITH(yield(word | within(2h)), "eggs");
        ++caught;
    });
    world.scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 2; ++i) {
            yield(Sleep(1s));
            world.scheduler.raise(handle, std::runtime_error("eggs"));
        }
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(caught == 2);
}

TEST_CASE("a limit with nothing but fresh time leaves the loop a patience", "[within][step]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    const std::string large(4 << 20, 'x');
    world.scheduler.spawn(
        [&, &here = here](Yield& yield) { yield(here.write(large) | idle_limit(1h) | as_tuple); });
    world.scheduler.step();
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        std::vector<char> buffer(4 << 20);
        yield(there.read(buffer));
    });
    for (int i = 0; i < 4; ++i) {
        world.scheduler.step();
        CHECK(world.scheduler.patience() <= 1h);
    }
}

TEST_CASE("a priority reaches the operation through what limits it", "[within][priority]")
{
    World world(each_reactor());
    std::string trace;
    world.scheduler.spawn([&](Yield& yield) {
        yield(Spawn([&](Yield&) { trace += 'o'; }) | priority::coro);
        yield(Spawn([&](Yield&) { trace += 'n'; }) | within(1s) | priority::op);
        trace += 'm';
    });
    world.scheduler.run();
    CHECK(trace == "nom");
}
