// How connections are made, and how that fails.
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

using namespace cogen;

TEST_CASE("a client connects, and is accepted, over IPv4, IPv6 and a Unix socket",
          "[contract][connect][accept][listen]")
{
    World world(each_reactor());
    const Endpoint endpoint =
        GENERATE(Endpoint("127.0.0.1", 0), Endpoint("::1", 0), unix_endpoint("connect"));
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen(endpoint));
        CHECK((listener.endpoint().is_unix() || listener.endpoint().port() != 0));
        const auto client = yield(Spawn([&](Yield& y) {
            Socket socket = y(Connect(listener.endpoint()));
            y(socket.write("ping"));
            return read_up_to(y, socket, 4);
        }));
        Socket accepted = yield(listener.accept());
        CHECK(read_up_to(yield, accepted, 4) == "ping");
        yield(accepted.write("pong"));
        CHECK(yield(Join(client)) == "pong");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a refused connection is an error that names its endpoint", "[contract][connect]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Endpoint nobody;
        {
            Listener listener = yield(Listen({"127.0.0.1", 0}));
            nobody = listener.endpoint();
        }
        try {
            yield(Connect(nobody));
            FAIL("it is connected");
        } catch (const system_error& error) {
            CHECK(error.code().value() == ECONNREFUSED);
            CHECK(std::string(error.what()).find(to_string(nobody)) != std::string::npos);
        }
        CHECK(error_of(yield, Connect(unix_endpoint("nobody"))).value() == ECONNREFUSED);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a Unix socket whose queue is full refuses", "[contract][connect]")
{
    World world(each_reactor({{"memory", "the queues of its listeners are never full"}}));
    Kernel& kernel = system_kernel();
    const Endpoint endpoint = unix_endpoint("full");
    const OpenDescriptor listener(world.scheduler, Descriptor(kernel.socket(AF_UNIX, SOCK_STREAM)));
    REQUIRE(kernel.bind(listener.get(), endpoint.data(), endpoint.size()) == 0);
    REQUIRE(kernel.listen(listener.get(), 0) == 0);
    world.scheduler.spawn([&](Yield& yield) {
        std::vector<Socket> clients;
        error_code error;
        while (!error && clients.size() < 10)
            try {
                clients.push_back(yield(Connect(endpoint)));
            } catch (const system_error& failure) {
                error = failure.code();
            }
        CHECK(clients.size() < 10);
        CHECK(error.value() == ECONNREFUSED);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an address that is not ours is the system's error", "[contract][listen]")
{
    World world(each_reactor({{"memory", "any address is its own"}}));
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(error_of(yield, Listen({"192.0.2.1", 0})).value() == EADDRNOTAVAIL);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an address in use is the system's error", "[contract][listen]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        CHECK(error_of(yield, Listen(listener.endpoint())).value() == EADDRINUSE);
        CHECK(error_of(yield, Listen(Endpoint())).value() != 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a place that cannot be reached is the system's error", "[contract][connect]")
{
    World world(each_reactor({{"memory", "it has no places that cannot be reached"}}));
    const Endpoint everybody("255.255.255.255", 80);  // no connection can be made to them
    const int number = ::socket(AF_INET, SOCK_STREAM, 0);
    REQUIRE(::connect(number, everybody.data(), everybody.size()) < 0);
    const int error = errno;
    ::close(number);
    world.scheduler.spawn(
        [&](Yield& yield) { CHECK(error_of(yield, Connect(everybody)).value() == error); });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("to connect to a listener whose queue is full takes as long as one lets it",
          "[contract][connect][accept]")
{
    World world(each_reactor({{"memory", "the queues of its listeners are never full"}}));
    world.scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        REQUIRE(world.kernel->listen(listener.descriptor(), 0) == 0);  // a shorter queue
        std::vector<Socket> clients;
        error_code error;
        while (!error && clients.size() < 10) {
            auto [failure, client] = yield(Connect(listener.endpoint()) | within(1min) | as_tuple);
            error = failure;
            if (!error)
                clients.push_back(std::move(client));
        }
        CHECK(error == errc::timed_out);
        for (const Socket& client : clients) {
            const Socket accepted = yield(listener.accept());
            yield(client.write("x"));
            CHECK(read_up_to(yield, accepted, 1) == "x");
        }
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("one connects to the first endpoint that answers, or learns why the last did not",
          "[contract][connect_to]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Listener gone = yield(Listen({"127.0.0.1", 0}));
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        yield(gone.close());
        const std::vector<Endpoint> endpoints{gone.endpoint(), listener.endpoint()};
        CHECK(connect_to(yield, endpoints).remote_endpoint() == listener.endpoint());
        yield(listener.close());
        CHECK_THROWS_WITH(connect_to(yield, endpoints),
                          Catch::Contains(to_string(listener.endpoint()))
                              && Catch::Contains("refused"));
        CHECK_THROWS_WITH(connect_to(yield, std::span<const Endpoint>()),
                          Catch::StartsWith("connect_to: "));
    });
    CHECK(world.scheduler.run().failed == 0);
}
