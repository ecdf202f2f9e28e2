// How much a write writes, and when it is done.
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "cogen/operations/write.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("a write is complete when all of it is on its way", "[contract][write]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        std::string much(3'000'000, ' ');
        for (std::size_t i = 0; i < much.size(); ++i)
            much[i] = static_cast<char>('a' + i % 26);
        const auto writer =
            yield(Spawn([&, &here = here](Yield& y) { return y(here.write(much)); }));
        CHECK(read_up_to(yield, there, much.size()) == much);
        CHECK(yield(Join(writer)) == much.size());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a write that went out in pieces is followed by another", "[contract][write]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const std::string much(20'000'000, 'x');
        const auto writer = yield(Spawn([&, &here = here](Yield& y) {
            return y(here.write(much)) + y(here.write("and more"));
        }));
        CHECK(read_up_to(yield, there, much.size()) == much);
        CHECK(read_up_to(yield, there, 8) == "and more");
        CHECK(yield(Join(writer)) == much.size() + 8);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("to write nothing is done at once", "[contract][write]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        CHECK(yield(here.write("")) == 0);
        CHECK(yield(here.write({nullptr, 0})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a write to a peer that is gone is an error and no signal", "[contract][write]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.close());
        error_code error;
        for (int i = 0; i < 100 && !error; ++i) {
            error = error_of(yield, here.write("anybody there?"));
            yield(Sleep(1ms));
        }
        CHECK((error.value() == EPIPE || error.value() == ECONNRESET));
        auto [next_here, next_there] = connection(yield);  // perhaps on the same number
        yield(next_here.write("x"));
        CHECK(read_up_to(yield, next_there, 1) == "x");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a write waits for a peer that sends no more, without trying again and again",
          "[contract][write]")
{
    struct Waits final : Instrument {
        int count = 0;
        void before_wait(Patience) noexcept override { ++count; }
    } waits;
    World world(each_reactor());
    const bool by_tcp = GENERATE(false, true);
    const bool in_time = GENERATE(true, false);
    world.scheduler.attach(waits);
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = by_tcp ? connection(yield) : socket_pair(world.scheduler);
        const std::string much(20'000'000, 'x');
        yield(there.shutdown());
        const auto writer = yield(Spawn(
            [&, &here = here](Yield& y) { return error_of(y, here.write(much) | within(2h)); }));
        yield(Sleep(10s));
        waits.count = 0;
        yield(Sleep(1h));
        CHECK(waits.count < 20);
        if (in_time)
            CHECK(read_up_to(yield, there, much.size()) == much);
        CHECK(yield(Join(writer)) == (in_time ? error_code() : errc::timed_out));
    });
    CHECK(world.scheduler.run().failed == 0);
}
