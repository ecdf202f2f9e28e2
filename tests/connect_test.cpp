#include "reactors/fake_kernel.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/kernel_decorator.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace cogen;

namespace {

Endpoint unix_endpoint(const std::string& name)
{
    return Endpoint::unix_path("@cogen-test-" + std::to_string(::getpid()) + '-' + name);
}

/// A network in which connections take two looks, and may fail at the second.
class SlowNetwork final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    int connect(Descriptor descriptor, const sockaddr* address, socklen_t size) override
    {
        ++looks;
        if (looks <= 2)
            return looks == 1 ? -EINPROGRESS : -EALREADY;
        const int answer = KernelDecorator::connect(descriptor, address, size);
        return answer == 0 ? -EISCONN : answer;  // it has come about meanwhile
    }

    int getsockopt(Descriptor, int, int, void* value, socklen_t&) override
    {
        *static_cast<int*>(value) = error;
        return 0;
    }

    int looks = 0;
    int error = 0;
};

/// A network in which some of those who connect have given up before they are accepted.
class FickleNetwork final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    int accept(Descriptor descriptor) override
    {
        return gone > 0 && gone-- ? -error : KernelDecorator::accept(descriptor);
    }

    int gone = 3;
    int error = ECONNABORTED;
};

}

TEST_CASE("a client connects, and is accepted, over IPv4, IPv6 and a Unix socket",
          "[connect][accept][listen][reactor]")
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

TEST_CASE("a refused connection is an error that names its endpoint", "[connect][reactor]")
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

TEST_CASE("an accept waits for a client", "[accept][reactor]")
{
    World world(each_reactor());
    bool accepted = false;
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        yield(Spawn([&, endpoint = listener.endpoint()](Yield& y) {
            y(Sleep(1h));
            CHECK_FALSE(accepted);
            y(Connect(endpoint));
        }));
        yield(listener.accept());
        accepted = true;
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(accepted);
}

TEST_CASE("closing a listener ends its accept", "[accept][close][reactor]")
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

TEST_CASE("an address in use, or none of ours, is the system's error", "[listen][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        CHECK(error_of(yield, Listen(listener.endpoint())).value() == EADDRINUSE);
        CHECK(error_of(yield, Listen(Endpoint())).value() != 0);
        if (world.name != "memory")
            CHECK(error_of(yield, Listen({"192.0.2.1", 0})).value() == EADDRNOTAVAIL);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("many clients are served by one listener", "[accept][reactor]")
{
    World world(each_reactor());
    constexpr int clients = 200;
    int served = 0;
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        for (int i = 0; i < clients; ++i)
            yield(Spawn([&, endpoint = listener.endpoint()](Yield& y) {
                Socket socket = y(Connect(endpoint));
                y(socket.write("hello"));
                served += read_up_to(y, socket, 5) == "hello";
            }));
        for (int i = 0; i < clients; ++i)
            yield(Spawn(echo, yield(listener.accept())));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(served == clients);
}

TEST_CASE("a socket that outlives its scheduler closes its descriptor all the same", "[close]")
{
    Socket survivor;
    int number = -1;
    {
        Scheduler scheduler(make_reactor(each_real_reactor() == "poll" ? "poll" : "epoll"));
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

TEST_CASE("a connection that takes its time succeeds or fails as the system says at last",
          "[connect]")
{
    FakeKernel memory;
    SlowNetwork kernel(memory);
    Scheduler scheduler(make_reactor("poll", kernel));
    scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        kernel.error = GENERATE(0, ETIMEDOUT);
        CHECK(error_of(yield, Connect(listener.endpoint())).value() == kernel.error);
        CHECK(kernel.looks == (kernel.error ? 1 : 3));
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("who has given up before being accepted is passed over", "[accept]")
{
    FakeKernel memory;
    FickleNetwork kernel(memory);
    kernel.error = GENERATE(ECONNABORTED, EPROTO, EHOSTUNREACH);
    Scheduler scheduler(make_reactor("poll", kernel));
    scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const Socket client = yield(Connect(listener.endpoint()));
        CHECK(yield(listener.accept()));
        CHECK(kernel.gone == 0);
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("a Unix socket whose queue is full refuses", "[connect][reactor]")
{
    World world(each_real_reactor());
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

TEST_CASE("a short read means that there is no more on TCP only", "[connect]")
{
    CHECK(short_read_at({"127.0.0.1", 80}) == Read::ShortRead::means_empty);
    CHECK(short_read_at({"::1", 80}) == Read::ShortRead::means_empty);
    CHECK(short_read_at(unix_endpoint("any")) == Read::ShortRead::tells_nothing);
}
