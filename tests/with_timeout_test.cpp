#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("a body that takes too long ends with a TimeoutError that says where", "[with_timeout]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    std::string what;
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        const TimePoint start = world.scheduler.now();
        std::array<char, 8> buffer;
        bool passed_by_handlers_of_errors = true;
        const int line = __LINE__ + 2;
        try {
            with_timeout(yield, 2s, [&] {
                try {
                    yield(Sleep(1s));
                    yield(here.read(buffer));
                } catch (const std::exception&) {
                    passed_by_handlers_of_errors = false;
                }
            });
        } catch (const TimeoutError& error) {
            what = error.what();
        }
        CHECK(passed_by_handlers_of_errors);
        CHECK(world.scheduler.now() - start == 2s);
        CHECK(what.find("with_timeout_test.cpp:" + std::to_string(line)) != std::string::npos);
        yield(Sleep(1s));  // it is over
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a body in time answers with what it returns, and leaves no timer", "[with_timeout]")
{
    World world(each_reactor());
    const TimePoint start = world.scheduler.now();
    world.scheduler.spawn([&](Yield& yield) {
        const int answer = with_timeout(yield, 1h, [&] {
            yield(Sleep(1s));
            return 7;
        });
        CHECK(answer == 7);
        CHECK_THROWS_AS(with_timeout(yield, 1h, [&] { throw std::runtime_error("eggs"); }),
                        std::runtime_error);
        CHECK_THROWS_AS(with_timeout(yield, 1h, [&] { yield(Sleep(1h) | within(1s)); }),
                        TimeoutError);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(world.scheduler.now() - start == 2s);
}

TEST_CASE("of several deadlines that are over the outermost throws, past handlers within",
          "[with_timeout]")
{
    World world(each_reactor());
    std::string trace;
    world.scheduler.spawn([&](Yield& yield) {
        const TimePoint start = world.scheduler.now();
        try {
            with_timeout(yield, 2s, [&] {
                try {
                    with_timeout(yield, 2s, [&] {
                        try {
                            with_timeout(yield, 1h, [&] { yield(Sleep(1h)); });
                        } catch (const TimeoutError&) {
                            trace += "innermost ";
                        }
                    });
                } catch (const TimeoutError&) {
                    trace += "inner ";
                }
            });
        } catch (const TimeoutError&) {
            trace += "outer";
        }
        CHECK(world.scheduler.now() - start == 2s);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(trace == "outer");
}

TEST_CASE("an inner deadline that is over alone ends only its own body", "[with_timeout]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const int answer = with_timeout(yield, 1h, [&] {
            CHECK_THROWS_AS(with_timeout(yield, 1s, [&] { yield(Sleep(1h)); }), TimeoutError);
            yield(Sleep(1s));
            return 5;
        });
        CHECK(answer == 5);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a deadline that is swallowed comes again at each yield, until the body is left",
          "[with_timeout]")
{
    World world(each_reactor());
    int swallowed = 0;
    world.scheduler.spawn([&](Yield& yield) {
        for (int round = 0; round < 3; ++round)
            CHECK_THROWS_AS(with_timeout(yield, 1s,
                                         [&] {
                                             for (int i = 0; i < 60; ++i)
                                                 try {
                                                     yield(Sleep(1h));
                                                 } catch (const Cancelled&) {
                                                     ++swallowed;
                                                 }
                                             yield(Sleep(1h));
                                         }),
                            TimeoutError);
        yield(Sleep(1s));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(swallowed == 180);
}

TEST_CASE("a body that succeeds although its time is over has its result delivered",
          "[with_timeout]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    std::size_t count = 0;
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        std::array<char, 8> buffer;
        count = with_timeout(yield, 2s, [&] { return yield(here.read(buffer)); });
        yield(Pass());
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(Sleep(1s));
        yield(there.write("one"));
        world.kernel->advance_to(world.kernel->now() + 5s);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(count == 3);
}

TEST_CASE("a deadline cancels what its body calls, and not the caller", "[with_timeout][call]")
{
    World world(each_reactor());
    bool cancelled = false;
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(with_timeout(yield, 1s,
                                     [&] {
                                         yield(Call([&](Yield& y) {
                                             try {
                                                 y(Sleep(1h));
                                             } catch (const Cancelled&) {
                                                 cancelled = true;
                                                 throw;
                                             }
                                         }));
                                     }),
                        TimeoutError);
        yield(Sleep(1s));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(cancelled);
}

TEST_CASE("a deadline may be a point in time, and may have passed already", "[with_timeout]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const TimePoint until = world.scheduler.now() + 3s;
        CHECK_THROWS_AS(with_timeout(yield, until, [&] { yield(Sleep(1h)); }), TimeoutError);
        CHECK(world.scheduler.now() == until);
        CHECK_THROWS_AS(with_timeout(yield, until - 1h, [&] { yield(Sleep(1h)); }), TimeoutError);
        CHECK_THROWS_AS(with_timeout(yield, -1s, [&] { yield(Sleep(1h)); }), TimeoutError);
        CHECK(world.scheduler.now() == until);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("the time that is left is that of the nearest deadline this side of a shield",
          "[with_timeout]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_FALSE(time_left(yield));
        with_timeout(yield, 10s, [&] {
            CHECK(time_left(yield) == 10s);
            yield(Sleep(3s));
            CHECK(time_left(yield) == 7s);
            with_timeout(yield, 1h, [&] { CHECK(time_left(yield) == 7s); });
            with_timeout(yield, 1s, [&] { CHECK(time_left(yield) == 1s); });
            shielded(yield, [&] {
                CHECK_FALSE(time_left(yield));
                with_timeout(yield, 1h, [&] { CHECK(time_left(yield) == 1h); });
            });
        });
        CHECK_FALSE(time_left(yield));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who is cancelled within a deadline is cancelled", "[with_timeout][cancel]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn(
        [](Yield& yield) { with_timeout(yield, 1h, [&] { yield(Sleep(1h)); }); });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(handle);
    });
    world.scheduler.run();
    CHECK(handle.cancelled());
}

TEST_CASE("a deadline for another coroutine is refused", "[with_timeout]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) {
        const auto other = yield(Spawn([&yield](Yield&) {
            CHECK_THROWS_AS(with_timeout(yield, 1s, [] {}), std::logic_error);
            CHECK_THROWS_AS(shielded(yield, [] {}), std::logic_error);
        }));
        yield(Join(other));
    });
    CHECK(world.scheduler.run().failed == 0);
}
