#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("who passes goes on after all that are ready", "[pass]")
{
    World world(each_reactor());
    std::string order;
    const auto walker = [&](Yield& yield, char name) {
        for (int step = 0; step < 3; ++step) {
            order += name;
            yield(Pass());
        }
    };
    world.scheduler.spawn(walker, 'a');
    world.scheduler.spawn(walker, 'b');
    world.scheduler.spawn(walker, 'c');
    world.scheduler.run();
    CHECK(order == "abcabcabc");
}

TEST_CASE("one that passes for ever, alone, keeps neither timers nor descriptors waiting", "[pass]")
{
    World world(each_reactor());
    bool read = false;
    bool slept = false;
    int passes = 0;
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&](Yield& yield) {
        for (; !(read && slept) && passes < 100'000; ++passes) {
            world.kernel->advance_to(world.scheduler.now() + 1us);
            yield(Pass());
        }
    });
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        char byte;
        yield(here.read({&byte, 1}));
        read = true;
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(Sleep(1ms));
        slept = true;
        yield(there.write("x"));
    });
    world.scheduler.run();
    CHECK(read);
    CHECK(slept);
    CHECK(passes < 2000);  // a millisecond of them, and a few turns
}
