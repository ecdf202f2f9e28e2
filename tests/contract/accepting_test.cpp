// How listeners get their clients.
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("an accept waits for a client", "[contract][accept]")
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

TEST_CASE("many clients are served by one listener", "[contract][accept]")
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
