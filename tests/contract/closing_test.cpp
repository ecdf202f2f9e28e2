// How descriptors end, and what is left of them for the next of the same number.
#include "tests/support/descriptors.hpp"
#include "tests/support/rings.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <tuple>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

using namespace cogen;

TEST_CASE("closing a socket ends whoever waits for it", "[contract][close][read][write]")
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

TEST_CASE("closing a listener ends its accept", "[contract][close][accept]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const auto server = yield(Spawn([&](Yield& y) { y(listener.accept()); }));
        yield(Sleep(1s));
        yield(listener.close());
        CHECK_THROWS_AS(yield(Join(server)), ClosedError);
    });
    CHECK(world.scheduler.run().stuck.empty());
}

TEST_CASE("who closes without having read all resets the connection", "[contract][close][read]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        char byte;
        yield(here.write("unread"));
        yield(there.write("x"));
        yield(there.close());
        CHECK(yield(here.read({&byte, 1})) == 1);  // what has come before counts
        CHECK(error_of(yield, here.read({&byte, 1})).value() == ECONNRESET);
        CHECK(yield(here.read({&byte, 1})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a listener that closes resets the connections that it has not accepted",
          "[contract][close][accept]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const Socket client = yield(Connect(listener.endpoint()));
        yield(listener.close());
        char byte;
        CHECK(error_of(yield, client.read({&byte, 1})).value() == ECONNRESET);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a descriptor number used again has nothing of the one before", "[contract][close][read]")
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

TEST_CASE("a released descriptor is the reactor's no longer, and its number is free for another",
          "[contract][close][read]")
{
    World world(each_reactor({{"memory", "the system knows nothing of its descriptors"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        char byte;
        const auto reader = yield(Spawn([&, &here = here](Yield& y) {
            return error_of(y, here.read({&byte, 1}));
        }));
        yield(Sleep(1s));
        const int number = here.release().number();
        CHECK(yield(Join(reader)) == errc::closed);
        CHECK_FALSE(here);
        const int copy = ::dup(number);  // the file lives on
        ::close(number);
        std::vector<Socket> lower;  // numbers that were free before
        auto [next_here, next_there] = socket_pair(world.scheduler);
        while (next_there.descriptor().number() < number) {
            lower.push_back(std::exchange(next_here, std::move(next_there)));
            std::tie(next_here, next_there) = socket_pair(world.scheduler);
        }
        const auto next_reader = yield(
            Spawn([&next_here = next_here](Yield& y) { return read_up_to(y, next_here, 5); }));
        yield(Sleep(1s));
        yield(next_there.write("hello"));
        CHECK(yield(Join(next_reader)) == "hello");
        ::close(copy);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a file that comes back to its number is watched again", "[contract][close][read]")
{
    World world(each_reactor({{"memory", "the system knows nothing of its descriptors"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        std::array<char, 16> buffer;
        yield(there.write("x"));
        CHECK(yield(here.read(buffer)) == 1);
        const auto waits =
            yield(Spawn([&, &here = here](Yield& y) { return error_of(y, here.read(buffer)); }));
        yield(Sleep(1s));
        const int number = here.descriptor().number();
        const int copy = ::dup(number);
        yield(here.close());
        CHECK(yield(Join(waits)) == errc::closed);
        CHECK(::dup2(copy, number) == number);
        ::close(copy);
        const Socket again(world.scheduler, Descriptor(number));
        const auto reader = yield(Spawn([&](Yield& y) { return read_up_to(y, again, 4); }));
        yield(Sleep(1s));
        yield(there.write("back"));
        CHECK(yield(Join(reader)) == "back");
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a socket that is assigned to closes the one it had", "[contract][close]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        auto [next_here, next_there] = connection(yield);
        here = std::move(next_here);
        CHECK_FALSE(next_here);
        char byte;
        CHECK(yield(there.read({&byte, 1})) == 0);  // the end of the first connection
        yield(here.write("x"));
        CHECK(yield(next_there.read({&byte, 1})) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a socket that outlives its scheduler closes its descriptor all the same",
          "[contract][close]")
{
    const std::string reactor =
        each_reactor({{"memory", "the system knows nothing of its descriptors"}});
    Socket survivor;
    int number = -1;
    {
        Scheduler scheduler(reactor_named(reactor, system_kernel()));
        auto [here, there] = socket_pair(scheduler);
        number = here.descriptor().number();
        survivor = std::move(here);
    }
    CHECK(::send(number, "x", 1, MSG_NOSIGNAL) == -1);  // its peer is gone, but it is open
    CHECK(errno == EPIPE);
    survivor = Socket();
    CHECK(::close(number) == -1);
    CHECK(errno == EBADF);
}

TEST_CASE("to close what is closed already is the system's error", "[contract][close]")
{
    OpenDescriptor survivor;
    {
        World world(each_reactor({{"memory", "the system knows nothing of its descriptors"}}));
        world.scheduler.spawn([&](Yield& yield) {
            auto [here, there] = socket_pair(world.scheduler);
            ::close(here.descriptor().number());
            CHECK(error_of(yield, here.close()).value() == EBADF);
            CHECK_FALSE(here);
        });
        CHECK(world.scheduler.run().failed == 0);
        survivor = OpenDescriptor(world.scheduler, socket_pair(world.scheduler).first.release());
    }
    ::close(survivor.get().number());
    CHECK(survivor.close().value() == EBADF);
}

TEST_CASE("a listener that is closed has nothing open any more, though it lives on",
          "[contract][close][listen]")
{
    World world(each_reactor({{"memory", "the system knows nothing of its descriptors"}}));
    world.scheduler.spawn([&](Yield& yield) {
        const std::vector<int> before = open_numbers();
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        CHECK(open_numbers().size() > before.size());
        yield(listener.close());
        CHECK(open_numbers() == before);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("nothing stays open of a scheduler, nor of what failed", "[contract][close]")
{
    const std::string reactor =
        each_reactor({{"memory", "the system knows nothing of its descriptors"}});
    const std::vector<int> before = open_numbers();
    {
        World world(reactor);
        world.scheduler.spawn([&](Yield& yield) {
            Endpoint nobody;
            {
                Listener listener = yield(Listen({"127.0.0.1", 0}));
                CHECK(error_of(yield, Listen(listener.endpoint())).value() == EADDRINUSE);
                nobody = listener.endpoint();
            }
            CHECK(error_of(yield, Connect(nobody)).value() == ECONNREFUSED);
            CHECK(error_of(yield, Connect(Endpoint())).value() == EAFNOSUPPORT);
        });
        CHECK(world.scheduler.run().failed == 0);
    }
    CHECK(open_numbers() == before);
}

TEST_CASE("a number that is closed and opened again between two yields is another's",
          "[contract][close][read]")
{
    World world(each_reactor({{"faulty", "a write may take turns, and the reader be faster"},
                              {rings_that_do_not_defer(), "a write may be a read's end at once"}}));
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        const auto read_one = [](Yield& y, const Socket& socket) {
            char byte = 0;
            const error_code error = error_of(y, socket.read({&byte, 1}));
            return error ? error.message() : std::string(1, byte);
        };
        const auto reader = yield(Spawn(read_one, std::cref(here)));
        yield(Sleep(1s));
        yield(there.write("a"));  // before the reactor is asked, all of this has happened:
        const int number = here.descriptor().number();
        here = Socket();
        auto [next, next_there] = socket_pair(world.scheduler);
        CHECK(next.descriptor().number() == number);
        const auto next_reader = yield(Spawn(read_one, std::cref(next)));
        yield(Sleep(1s));
        CHECK(yield(Join(reader)) == make_error_code(errc::closed).message());
        CHECK_FALSE(next_reader.finished());
        yield(next_there.write("b"));
        CHECK(yield(Join(next_reader)) == "b");
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}
