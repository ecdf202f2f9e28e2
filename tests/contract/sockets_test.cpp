#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <sys/socket.h>

using namespace cogen;

TEST_CASE("after a half-close the peer reads the end, and may write on", "[shutdown][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&there = there](Yield& y) { return read_up_to(y, there, 100) + '.'; }));
        yield(here.write("question"));
        yield(here.shutdown());
        CHECK(yield(Join(reader)) == "question.");
        yield(there.write("answer"));
        yield(there.close());
        CHECK(read_up_to(yield, here, 100) == "answer");
        CHECK(error_of(yield, here.write("more")).value() == EPIPE);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("whoever reads when reading is shut down finds the end", "[shutdown][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 1); }));
        yield(Sleep(1s));
        yield(here.shutdown(Shutdown::Direction::both));
        CHECK(yield(Join(reader)).empty());
        CHECK(read_up_to(yield, there, 1).empty());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("whoever writes when writing is shut down finds a broken pipe", "[contract][shutdown]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        for (const auto direction : {Shutdown::Direction::writing, Shutdown::Direction::both})
            for (const bool of_unix : {true, false}) {
                auto [here, there] = of_unix ? socket_pair(world.scheduler) : connection(yield);
                const auto writer = yield(Spawn([&here = here](Yield& y) {
                    return error_of(y, here.write(std::string(20'000'000, 'x')) | within(1h));
                }));
                yield(Sleep(1s));
                CHECK_FALSE(writer.finished());
                yield(here.shutdown(direction));
                CHECK(yield(Join(writer)).value() == EPIPE);
            }
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a shutdown of what is not connected is the system's error", "[shutdown][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(error_of(yield, Socket().shutdown()).value() == EBADF);
        Kernel& kernel = world.scheduler.reactor().kernel();
        const Socket alone(world.scheduler, Descriptor(kernel.socket(AF_INET, SOCK_STREAM)));
        CHECK(error_of(yield, alone.shutdown()).value() == ENOTCONN);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a socket knows both of its addresses", "[endpoint][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        for (const char* address : {"127.0.0.1", "::1"}) {
            Listener listener = yield(Listen({address, 0}));
            const auto client =
                yield(Spawn([&](Yield& y) { return y(Connect(listener.endpoint())); }));
            const Socket there = yield(listener.accept());
            const Socket here = yield(Join(client));
            CHECK(here.remote_endpoint() == listener.endpoint());
            CHECK(there.local_endpoint() == listener.endpoint());
            CHECK(there.remote_endpoint() == here.local_endpoint());
            CHECK(here.local_endpoint().port() != listener.endpoint().port());
        }
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who is not connected has no peer's address, and the error names the call",
          "[endpoint][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_WITH(Socket().local_endpoint(),
                          Catch::StartsWith("getsockname(no descriptor)"));
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        Kernel& kernel = world.scheduler.reactor().kernel();
        const Socket alone(world.scheduler, Descriptor(kernel.socket(AF_INET, SOCK_STREAM)));
        CHECK_THROWS_WITH(alone.remote_endpoint(), Catch::StartsWith("getpeername(fd "));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("options are what they were set to", "[options][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const SocketOptions options = here.options();
        SocketOptions(options)
            .nodelay(false)
            .reuse_address(true)
            .keepalive(10s, 3s, 5)
            .linger(7s)
            .receive_buffer(32 * 1024)
            .send_buffer(16 * 1024);
        CHECK_FALSE(options.nodelay());
        CHECK(options.reuse_address());
        CHECK_FALSE(options.reuse_port());
        CHECK(options.keepalive());
        CHECK(options.linger() == 7s);
        CHECK(options.receive_buffer() >= 32 * 1024);
        CHECK(options.send_buffer() >= 16 * 1024);
        here.options().nodelay(true).keepalive(false).linger(std::nullopt).reuse_port(true);
        CHECK(options.nodelay());
        CHECK_FALSE(options.keepalive());
        CHECK_FALSE(options.linger());
        CHECK(options.reuse_port());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an option that cannot be had is an error that names it", "[options][contract]")
{
    World world(each_reactor());
    Socket none;
    CHECK_THROWS_WITH(none.options().nodelay(), Catch::StartsWith("getsockopt(no descriptor, "
                                                                  "TCP_NODELAY)"));
    CHECK_THROWS_WITH(none.options().linger(1s),
                      Catch::StartsWith("setsockopt(no descriptor, SO_LINGER)"));
}

TEST_CASE("a socket cannot linger for less than no time", "[options][contract]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    for (const std::chrono::seconds time : {-1s, std::chrono::seconds::min()})
        CHECK_THROWS_WITH(here.options().linger(time), Catch::Contains("SO_LINGER"));
    CHECK(here.options().linger() == std::nullopt);
}

TEST_CASE("two listen at one address where both have wished it", "[listen][contract]")
{
    World world(each_reactor({{"memory", "an address is one listener's there"}}));
    world.scheduler.spawn([&](Yield& yield) {
        const Listener one = yield(Listen({"127.0.0.1", 0}, {.reuse_port = true}));
        const Listener other = yield(Listen(one.endpoint(), {.reuse_port = true}));
        CHECK(one.endpoint() == other.endpoint());
        CHECK(error_of(yield, Listen(one.endpoint())).value() == EADDRINUSE);
    });
    CHECK(world.scheduler.run().failed == 0);
}
