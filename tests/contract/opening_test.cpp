// What a descriptor is like that cogen opens.
#include "tests/support/descriptors.hpp"
#include "tests/support/many_descriptors.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

using namespace cogen;

TEST_CASE("what cogen opens is closed on exec, and sockets neither block nor hold packets back",
          "[contract][accept][connect][listen]")
{
    const std::string reactor =
        each_reactor({{"memory", "the system knows nothing of its descriptors"}});
    const std::vector<int> before = open_numbers();
    World world(reactor);
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const auto client = yield(Spawn([&](Yield& y) { return y(Connect(listener.endpoint())); }));
        const Socket accepted = yield(listener.accept());
        const Socket connected = yield(Join(client));
        const auto [one, other] = socket_pair(world.scheduler);

        CHECK(is_set(listener.descriptor(), SOL_SOCKET, SO_REUSEADDR));
        CHECK(is_set(accepted.descriptor(), IPPROTO_TCP, TCP_NODELAY));
        CHECK(is_set(connected.descriptor(), IPPROTO_TCP, TCP_NODELAY));
        for (const Descriptor descriptor :
             {listener.descriptor(), accepted.descriptor(), connected.descriptor(),
              one.descriptor(), other.descriptor()})
            CHECK_FALSE(blocks(descriptor));
        int opened = 0;
        for (const int number : open_numbers())
            if (std::find(before.begin(), before.end(), number) == before.end()) {
                CAPTURE(number);
                CHECK((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
                ++opened;
            }
        CHECK(opened >= 5);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a descriptor of a large number is waited for as any other", "[contract][read][write]")
{
    const std::string reactor =
        each_reactor({{"select", "its sets end below that number"},
                      {"memory", "the system knows nothing of its descriptors"}});
    const ManyDescriptors many(1500);
    if (!many)
        return skip("this process may not have so many descriptors");
    World world(reactor);
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = socket_pair(world.scheduler);
        const Socket high = many.moved_up(world.scheduler, std::move(here));
        CHECK(high.descriptor().number() >= 1500);
        const auto reader = yield(Spawn([&](Yield& y) { return read_up_to(y, high, 5); }));
        yield(Sleep(1s));
        yield(there.write("hello"));
        CHECK(yield(Join(reader)) == "hello");
    });
    CHECK(world.scheduler.run().failed == 0);
}
