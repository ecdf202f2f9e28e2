// How many are accepted at once.
#include "tests/support/few_descriptors.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "cogen/accept_many.hpp"

#include <catch2/catch.hpp>

#include <cerrno>

using namespace cogen;

namespace {

const NotApplicable fewer_at_once{"faulty", "it may hear of fewer at once"};

/// So many who have connected, in this order.
std::vector<Socket> clients(Yield& yield, const Listener& listener, int count)
{
    std::vector<Socket> all;
    for (int i = 0; i < count; ++i) {
        all.push_back(yield(Connect(listener.endpoint())));
        yield(all.back().write(std::to_string(i)));
    }
    return all;
}

}

TEST_CASE("all who have come are accepted at once, in their order, as far as there is room",
          "[contract][accept]")
{
    World world(each_reactor({fewer_at_once}));
    const Endpoint endpoint = GENERATE(Endpoint("127.0.0.1", 0), unix_endpoint("accept-many"));
    world.scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen(endpoint));
        const std::vector<Socket> many = clients(yield, listener, 7);
        std::array<Socket, 5> accepted;
        CHECK(yield(listener.accept_many(accepted)) == 5);
        for (std::size_t i = 0; i < 5; ++i)
            CHECK(read_up_to(yield, accepted[i], 1) == std::to_string(i));
        CHECK(yield(listener.accept_many(accepted)) == 2);
        for (std::size_t i = 0; i < 2; ++i)
            CHECK(read_up_to(yield, accepted[i], 1) == std::to_string(i + 5));
        CHECK(yield(listener.accept_many({})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who accepts many waits for the first alone", "[contract][accept]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        std::array<Socket, 5> accepted;
        const auto server =
            yield(Spawn([&](Yield& y) { return y(listener.accept_many(accepted)); }));
        yield(Sleep(1s));
        CHECK_FALSE(server.finished());
        const std::vector<Socket> one = clients(yield, listener, 1);
        CHECK(yield(Join(server)) == 1);
        CHECK(read_up_to(yield, accepted[0], 1) == "0");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who is cancelled or timed out before anybody came has accepted nobody",
          "[contract][accept]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        std::array<Socket, 5> accepted;
        CHECK_THROWS_AS(yield(listener.accept_many(accepted) | within(1s)), TimeoutError);
        const auto server = yield(Spawn([&](Yield& y) { y(listener.accept_many(accepted)); }));
        yield(Sleep(1s));
        world.scheduler.cancel(server);
        yield(Join(server) | as_tuple);
        const std::vector<Socket> many = clients(yield, listener, 3);
        std::size_t count = 0;
        while (count < 3)
            count += yield(listener.accept_many(std::span(accepted).subspan(count)) | within(1min));
        CHECK(count == 3);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("when descriptors run out, those for whom there are some are accepted, and the rest is "
          "turned away",
          "[contract][accept]")
{
    World world(each_reactor({{"memory", "it has a descriptor for whoever asks"}, fewer_at_once}));
    world.scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        std::vector<Socket> many = clients(yield, listener, 7);
        std::array<Socket, 10> accepted;
        {
            const FewDescriptors few(3);
            CHECK(yield(listener.accept_many(accepted)) == 3);
        }
        CHECK(listener.turned_away() == 4);
        const std::vector<Socket> late = clients(yield, listener, 1);
        CHECK(yield(listener.accept_many(std::span(accepted).subspan(3))) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE(
    "who accepts many without a spare descriptor is told that there is none left, and whoever "
    "came is there for the next",
    "[contract][accept]")
{
    World world(each_reactor({{"memory", "it has a descriptor for whoever asks"}}));
    world.scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        const std::vector<Socket> many = clients(yield, listener, 2);
        std::array<Socket, 5> accepted;
        {
            const FewDescriptors few(1);
            CHECK(yield(AcceptMany(listener.descriptor(), accepted)) == 1);
            CHECK(error_of(yield, AcceptMany(listener.descriptor(), std::span(accepted).subspan(1)))
                      .value()
                  == EMFILE);
        }
        CHECK(yield(listener.accept_many(std::span(accepted).subspan(1))) == 1);
        CHECK(read_up_to(yield, accepted[1], 1) == "1");
    });
    CHECK(world.scheduler.run().failed == 0);
}
