// What is left of an operation that is ended early.
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("a read that is cancelled leaves the data for the next", "[contract][cancel][read]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        std::array<char, 16> buffer{};
        const auto reader = yield(Spawn([&, &here = here](Yield& y) { y(here.read(buffer)); }));
        yield(Sleep(1s));
        world.scheduler.cancel(reader);
        yield(Sleep(1s));
        CHECK(reader.finished());
        yield(there.write("kept"));
        CHECK(read_up_to(yield, here, 4) == "kept");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a write that is cancelled tells how much has gone out", "[contract][cancel][write]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const std::string much(30'000'000, 'x');
        std::size_t written = 0;
        const auto writer = yield(Spawn([&, &here = here](Yield& y) {
            Write write = here.write(much);
            try {
                y(write);
            } catch (const Cancelled&) {
                written = write.so_far();
                throw;
            }
        }));
        yield(Sleep(1s));
        world.scheduler.cancel(writer);
        yield(Sleep(1s));
        CHECK(written > 0);
        CHECK(written < much.size());
        yield(here.close());
        CHECK(read_up_to(yield, there, much.size()).size() == written);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a success that was faster than its cancellation is delivered, and the next yield throws",
          "[contract][cancel][read]")
{
    World world(each_reactor({{"faulty", "what ends in one turn is told in several"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [first, knock] =
            connection(yield);  // has the lower number, which select looks at first
        auto [here, there] = connection(yield);
        std::size_t count = 0;
        bool cancelled = false;
        Handle<> reader;
        const auto canceller = yield(Spawn([&, &first = first](Yield& y) {
            char byte;
            y(first.read({&byte, 1}));
            CHECK(reader.record().state() == State::ready);  // complete, and not yet resumed
            world.scheduler.cancel(reader);
        }));
        reader = yield(Spawn([&, &here = here](Yield& y) {
            std::array<char, 16> buffer;
            count = y(here.read(buffer));
            try {
                y(Pass());
            } catch (const Cancelled&) {
                cancelled = true;
            }
        }));
        yield(Sleep(1s));
        yield(Spawn([&knock = knock](Yield& y) { y(knock.write("x")); }));
        yield(Spawn([&there = there](Yield& y) { y(there.write("fast")); }));
        yield(Join(canceller));
        yield(Join(reader));
        CHECK(count == 4);
        CHECK(cancelled);
    });
    CHECK(world.scheduler.run().failed == 0);
}
