#include "tests/support/child.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("in a shield a cancelled coroutine goes on, and behind it finds its cancellation",
          "[shielded]")
{
    World world(each_reactor());
    bool finished = false;
    int answer = 0;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        answer = shielded(yield, [&] {
            yield(Sleep(2s));
            finished = true;
            return 7;
        });
        CHECK_THROWS_AS(yield(Sleep(1h)), Cancelled);
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(handle);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(finished);
    CHECK(answer == 7);
}

TEST_CASE("clean-up after a cancellation may wait in a shield", "[shielded]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    std::string said;
    const auto handle = world.scheduler.spawn([&, &here = here](Yield& yield) {
        try {
            yield(Sleep(1h));
        } catch (const Cancelled&) {
            shielded(yield, [&] {
                yield(Sleep(1s));
                yield(here.write("bye"));
            });
            throw;
        }
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        world.scheduler.cancel(handle);
        said = read_up_to(yield, there, 3);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(handle.cancelled());
    CHECK(said == "bye");
}

TEST_CASE("a shield holds back the deadlines around it, and not those within", "[shielded]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const TimePoint start = world.scheduler.now();
        CHECK_THROWS_AS(with_timeout(yield, 1s,
                                     [&] {
                                         shielded(yield, [&] {
                                             yield(Sleep(5s));
                                             CHECK_THROWS_AS(
                                                 with_timeout(yield, 2s, [&] { yield(Sleep(1h)); }),
                                                 TimeoutError);
                                         });
                                         yield(Sleep(1h));
                                     }),
                        TimeoutError);
        CHECK(world.scheduler.now() - start == 7s);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what a shielded coroutine calls is as shielded", "[shielded][call]")
{
    World world(each_reactor());
    bool called_to_its_end = false;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        shielded(yield, [&] {
            yield(Call([&](Yield& y) {
                y(Sleep(2s));
                called_to_its_end = true;
            }));
        });
        yield(Pass());
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(handle);
    });
    world.scheduler.run();
    CHECK(called_to_its_end);
    CHECK(handle.cancelled());
}

TEST_CASE("who gets stuck in its clean-up is cancelled again", "[shielded]")
{
    World world(each_reactor());
    int times = 0;
    {
        Handle<> self;
        self = world.scheduler.spawn([&](Yield& yield) {
            const auto other = yield(Spawn([&](Yield& y) { y(Join(self)); }));
            try {
                yield(Join(other));
            } catch (const Cancelled&) {
                for (int i = 0; i < 3; ++i)
                    try {
                        shielded(yield, [&] {
                            Handle<> stuck = yield(
                                Spawn([&](Yield& y) { shielded(y, [&] { y(Join(self)); }); }));
                            yield(Join(stuck));
                        });
                    } catch (const Cancelled&) {
                        ++times;
                    } catch (const system_error&) {
                        ++times;
                    }
                throw;
            }
        });
        world.scheduler.run();
        CHECK(self.cancelled());
    }
    CHECK(times == 3);
}

TEST_CASE("one that gets stuck in its clean-up for ever ends the program", "[shielded]")
{
    const int status = status_of_child([] {
        World world("poll");
        Handle<> handles[2];
        for (const int self : {0, 1})
            handles[self] = world.scheduler.spawn([&, self](Yield& yield) {
                for (;;)
                    try {
                        shielded(yield, [&] { yield(Join(handles[1 - self])); });
                    } catch (const Cancelled&) {}
            });
        world.scheduler.run();
    });
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
}
