#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

using namespace cogen;

TEST_CASE("a read answers with what is there, up to its buffer", "[read][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.write("hello"));
        std::string buffer(3, ' ');
        CHECK(yield(here.read(buffer)) == 3);
        CHECK(buffer == "hel");
        CHECK(yield(here.read(buffer)) == 2);
        CHECK(buffer.substr(0, 2) == "lo");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a read waits for data, and the others run meanwhile", "[read][reactor]")
{
    World world(each_reactor());
    std::string order;
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(Spawn([&order, &there = there](Yield& y) {
            order += "others ";
            y(Sleep(1s));
            y(there.write("x"));
        }));
        char byte;
        yield(here.read({&byte, 1}));
        order += "read";
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(order == "others read");
}

TEST_CASE("the end of a stream is 0, and stays so", "[read][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.close());
        char byte;
        CHECK(yield(here.read({&byte, 1})) == 0);
        CHECK(yield(here.read({&byte, 1})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("data sent before a hang-up is read before the end", "[read][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 100) + '.'; }));
        yield(Sleep(1s));  // the reader waits
        yield(there.write("payload"));
        yield(there.close());
        CHECK(yield(Join(reader)) == "payload.");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a reader that was content with a short read learns of the end that came with the data",
          "[read][reactor]")
{
    // One exchange first, so that the descriptor is registered; then data and end in one report.
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader = yield(Spawn([&here = here](Yield& y) {
            std::array<char, 100> buffer;
            std::size_t reads = 0;
            while (y(here.read(buffer)) > 0)
                ++reads;
            return reads;
        }));
        yield(there.write("first"));
        yield(Sleep(1s));
        yield(there.write("last"));
        yield(there.close());
        CHECK(yield(Join(reader)) == 2);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("to read nothing is done at once, and is no end", "[read][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        CHECK(yield(here.read({nullptr, 0})) == 0);
        yield(there.write("x"));
        char byte;
        CHECK(yield(here.read({&byte, 1})) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("one coroutine reads while another writes the same socket", "[read][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const std::string much(20'000'000, 'w');  // more than any buffer holds
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 5); }));
        const auto writer =
            yield(Spawn([&, &here = here](Yield& y) { return y(here.write(much)); }));
        yield(Sleep(1s));  // both wait: one for data, one for room
        CHECK_FALSE(reader.finished());
        CHECK_FALSE(writer.finished());
        yield(there.write("hello"));
        CHECK(yield(Join(reader)) == "hello");
        CHECK(read_up_to(yield, there, much.size()) == much);
        CHECK(yield(Join(writer)) == much.size());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a second reader of a socket is refused, and the first reads on", "[read][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 5); }));
        char byte;
        CHECK_THROWS_AS(yield(here.read({&byte, 1})), SimultaneousError);
        yield(there.write("first"));
        CHECK(yield(Join(reader)) == "first");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("closing a socket ends whoever waits for it", "[read][close][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        int closed = 0;
        const auto reader = yield(Spawn([&, &here = here](Yield& y) {
            try {
                char byte;
                y(here.read({&byte, 1}));
            } catch (const ClosedError& error) {
                closed += std::string(error.what()).find("Read(fd ") == 0;
            }
        }));
        const auto writer = yield(Spawn([&, &here = here](Yield& y) {
            try {
                y(here.write(std::string(10'000'000, 'x')));
            } catch (const ClosedError&) {
                ++closed;
            }
        }));
        yield(Sleep(1s));
        yield(here.close());
        yield(Join(reader));
        yield(Join(writer));
        CHECK(closed == 2);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a descriptor number used again has nothing of the one before", "[read][close][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        for (int round = 0; round < 20; ++round) {
            auto [here, there] = connection(yield);
            const auto reader = yield(Spawn([&here = here](Yield& y) {
                char byte;
                return error_of(y, here.read({&byte, 1}));
            }));
            yield(there.write(std::string_view(
                round % 2 ? "x" : "")));  // ready in the turn in which it is closed
            yield(here.close());
            auto [next_here, next_there] = connection(yield);
            yield(next_there.write("mine"));
            CHECK(read_up_to(yield, next_here, 4) == "mine");
            yield(Join(reader));
        }
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a read that is cancelled leaves the data for the next", "[read][cancel][reactor]")
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

TEST_CASE("a success that was faster than its cancellation is delivered, and the next yield throws",
          "[read][cancel][reactor]")
{
    World world(each_reactor());
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

TEST_CASE("a descriptor that is not open, or no socket, is the error of who uses it",
          "[read][write][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const Descriptor nothing(19'000);
        char byte = 0;
        CHECK(error_of(yield, Read(nothing, {&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, Write(nothing, {&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, Accept(nothing)).value() == EBADF);
        if (world.name != "memory") {
            const Descriptor file(::open("/dev/null", O_RDWR | O_CLOEXEC));
            CHECK(error_of(yield, Read(file, {&byte, 1})).value() == ENOTSOCK);
            CHECK(error_of(yield, Write(file, {&byte, 1})).value() == ENOTSOCK);
            CHECK_FALSE(world.scheduler.reactor().close(file));
        }
        auto [here, there] = connection(yield);  // all is well with others
        yield(there.write("x"));
        CHECK(yield(here.read({&byte, 1})) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an empty socket can do nothing, and says so", "[read][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Socket none;
        char byte;
        CHECK(error_of(yield, none.read({&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, none.write("x")).value() == EBADF);
        CHECK_FALSE(error_of(yield, none.close()));
        auto [here, there] = connection(yield);
        const Socket moved = std::move(here);
        CHECK(error_of(yield, here.read({&byte, 1})).value() == EBADF);
        yield(there.write("x"));
        CHECK(yield(moved.read({&byte, 1})) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}
