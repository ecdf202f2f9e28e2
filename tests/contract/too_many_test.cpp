#include "tests/support/few_descriptors.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/kernel_decorator.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

namespace {

/// Counts how often somebody accepts.
struct Attempts final : Instrument {
    int count = 0;
    void attempted(const IoOperation&, ssize_t) noexcept override { ++count; }
};

/// A system that has no descriptor left for anybody, once it is full.
struct FullSystem final : KernelDecorator {
    using KernelDecorator::KernelDecorator;
    int accept(Descriptor descriptor) override
    {
        return full ? -ENFILE : KernelDecorator::accept(descriptor);
    }
    int socket(int family, int type) override
    {
        return full ? -ENFILE : KernelDecorator::socket(family, type);
    }
    bool full = false;
};

/// Whether what it says is echoed, and the connection is not closed.
bool is_served(Yield& yield, const Socket& client)
{
    std::array<char, 1> buffer;
    yield(client.write("x") | as_tuple);
    const auto [error, count] = yield(client.read(buffer) | within(1min) | as_tuple);
    CHECK(error != errc::timed_out);
    return count == 1;
}

/// Serves one after the other as the README does, until it is cancelled.
void serve(Yield& yield, Listener& listener)
{
    for (;;)
        yield(Spawn(echo, yield(listener.accept())));
}

}

TEST_CASE("when descriptors run out, the rest is turned away, those served are served on, and "
          "later ones are served again",
          "[accept][contract]")
{
    World world(each_reactor({{"memory", "it has a descriptor for whoever asks"}}));
    Attempts attempts;
    world.scheduler.attach(attempts);
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        // The clients' ends are opened before there is nobody to accept them: they wait.
        std::vector<Socket> clients;
        for (int i = 0; i < 40; ++i)
            clients.push_back(yield(Connect(listener.endpoint())));
        const FewDescriptors few(10);
        const auto server = yield(Spawn([&](Yield& y) { serve(y, listener); }));
        std::vector<Socket*> served;
        for (Socket& client : clients)
            if (is_served(yield, client))
                served.push_back(&client);
        CHECK(served.size() == 10);
        CHECK(listener.turned_away() == 30);
        CHECK(attempts.count < 1000);
        attempts.count = 0;
        yield(Sleep(1min));  // nobody comes, and nobody spins
        CHECK(attempts.count < 10);

        yield(served[0]->close());
        yield(Sleep(1s));  // until the other end is closed, too
        const Socket late = yield(Connect(listener.endpoint()));
        CHECK(is_served(yield, late));
        for (const Socket* client : served)
            if (*client)
                CHECK(is_served(yield, *client));
        CHECK(listener.turned_away() == 30);
        world.scheduler.cancel(server);
        yield(listener.close());
        CHECK(listener.turned_away() == 30);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who has no spare descriptor either is told whether it is the process or the system that "
          "has none left",
          "[accept][contract]")
{
    const std::string name = each_reactor();
    const auto inner = kernel_for(name);
    FullSystem kernel(*inner);
    Scheduler scheduler(reactor_named(name, kernel));
    scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        const Socket client = yield(Connect(listener.endpoint()));
        kernel.full = true;
        CHECK(error_of(yield, listener.accept()).value() == ENFILE);  // that costs the spare one
        CHECK(error_of(yield, listener.accept()).value() == ENFILE);
    });
    CHECK(scheduler.run().failed == 0);
}
