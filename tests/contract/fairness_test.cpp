// Nobody is kept waiting by those who always have something to do. Counted in turns.
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace cogen;

namespace {

/// Until it is told that this is enough: two that yield to each other, one whose socket is always
/// ready, and a hundred that wait for nothing. Meanwhile time passes.
class Crowd {
public:
    static constexpr Duration turn_takes = 100ms;

    explicit Crowd(World& world) : world_(world)
    {
        for (int i = 0; i < 2; ++i)
            world.scheduler.spawn([this](Yield& yield) {
                while (!enough_) {
                    yield(Pass());
                    let_time_pass();
                }
            });
        world.scheduler.spawn([this](Yield& yield) { talk_to_itself(yield); });
        for (auto& [here, there] : idle_) {
            std::tie(here, there) = socket_pair(world.scheduler);
            world.scheduler.spawn([&here = here](Yield& yield) {
                char byte;
                yield(here.read({&byte, 1}));
            });
        }
    }

    /// Lets them all come to their ends.
    void disperse(Yield& yield)
    {
        enough_ = true;
        for (auto& [here, there] : idle_)
            yield(there.close());
    }

    int rounds() const { return rounds_; }

private:
    void talk_to_itself(Yield& yield)
    {
        auto [here, there] = socket_pair(world_.scheduler);
        while (!enough_) {
            yield(there.write("x"));
            char byte;
            yield(here.read({&byte, 1}));
            ++rounds_;
        }
    }

    void let_time_pass()
    {
        if (std::exchange(turn_, world_.scheduler.turn()) != world_.scheduler.turn())
            world_.kernel->advance_to(world_.scheduler.now() + turn_takes);
    }

    World& world_;
    std::array<std::pair<Socket, Socket>, 100> idle_;
    int rounds_ = 0;
    std::uint64_t turn_ = 0;  // in which time has passed
    bool enough_ = false;
};

}

TEST_CASE("a sleeper wakes in the turn after its time is up, however busy the others are",
          "[contract][sleep]")
{
    World world(each_reactor());
    Crowd crowd(world);
    world.scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 20; ++i) {
            const std::uint64_t start = world.scheduler.turn();
            yield(Sleep(10 * Crowd::turn_takes));
            CHECK(world.scheduler.turn() <= start + 12);
        }
        CHECK(crowd.rounds() > 0);
        crowd.disperse(yield);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a reader gets what is sent to it within a few turns, however busy the others are",
          "[contract][read]")
{
    World world(each_reactor({{"faulty", "it may be told turns later"}}));
    Crowd crowd(world);
    auto [here, there] = socket_pair(world.scheduler);
    std::uint64_t sent = 0;
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        char byte;
        while (yield(here.read({&byte, 1})) > 0)
            CHECK(world.scheduler.turn() <= sent + 4);
        crowd.disperse(yield);
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        for (int i = 0; i < 20; ++i) {
            for (int turn = 0; turn < 10; ++turn)  // by then the reader waits again
                yield(Pass());
            sent = world.scheduler.turn();
            yield(there.write("x"));
        }
        for (int turn = 0; turn < 10; ++turn)
            yield(Pass());
        CHECK(crowd.rounds() > 0);
        yield(there.close());
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a connection is made and accepted within a few turns, however busy the others are",
          "[contract][connect][accept]")
{
    World world(each_reactor());
    Crowd crowd(world);
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        for (int i = 0; i < 20; ++i) {
            const std::uint64_t start = world.scheduler.turn();
            const auto client =
                yield(Spawn([&](Yield& y) { return y(Connect(listener.endpoint())); }));
            const Socket accepted = yield(listener.accept());
            CHECK(yield(Join(client)));
            CHECK(world.scheduler.turn() <= start + 10);
        }
        crowd.disperse(yield);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("of several sockets that are always ready none gets ahead of the others",
          "[contract][read][write]")
{
    World world(each_reactor({{"faulty", "who is ahead is chance"}}));
    std::array<int, 10> rounds{};
    std::vector<std::pair<Socket, Socket>> pairs;
    for (std::size_t i = 0; i < rounds.size(); ++i)
        pairs.push_back(socket_pair(world.scheduler));
    for (std::size_t i = 0; i < rounds.size(); ++i)
        world.scheduler.spawn([&, i](Yield& yield) {
            while (*std::min_element(rounds.begin(), rounds.end()) < 100) {
                char byte;
                yield(pairs[i].second.write("x"));
                yield(pairs[i].first.read({&byte, 1}));
                ++rounds[i];
            }
        });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(*std::max_element(rounds.begin(), rounds.end()) <= 150);
}
