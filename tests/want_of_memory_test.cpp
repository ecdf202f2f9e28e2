#include "tests/support/allocations.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <vector>

using namespace cogen;

namespace {

constexpr int readers = 5;

/// Coroutines that read two bytes each, which come one by one. One of the allocations from their
/// first wait on is refused, and whose read has failed by that reads again.
struct Play {
    Play(const std::string& reactor, int refused)
        : scheduler(reactor_named(reactor, system_kernel()))
    {
        for (int i = 0; i < readers; ++i)
            pairs.push_back(socket_pair(scheduler));
        for (const auto& [here, there] : pairs)
            scheduler.spawn([this, socket = &here](Yield& yield) {
                yield(WaitForSignal("go"));
                std::size_t read = 0;
                for (char byte; read < 2;) {
                    try {
                        read += std::get<1>(yield(socket->read({&byte, 1}) | as_tuple));
                    } catch (const std::bad_alloc&) {}
                }
                ++ended;
            });
        step();
        scheduler.spawn([](Yield& yield) { yield(Signal("go")); });
        refuse_allocation(refused);
        steps();
        send_each_a_byte();
        steps();
        refuse_allocation(-1);
    }

    /// What it throws is for whoever runs the loop, who goes on.
    void step()
    {
        try {
            scheduler.step();
        } catch (const std::bad_alloc&) {}
    }

    void steps()
    {
        for (int i = 0; i < 5; ++i)
            step();
    }

    void send_each_a_byte()
    {
        for (const auto& [here, there] : pairs)
            ::send(there.descriptor().number(), "x", 1, 0);
    }

    Scheduler scheduler;
    std::vector<std::pair<Socket, Socket>> pairs;
    int ended = 0;
};

}

TEST_CASE("where memory is wanting for a moment, nobody waits for ever", "[memory]")
{
    const std::string reactor = each_users_reactor();
    constexpr int enough = 200;
    int refused = 0;
    for (;; ++refused) {
        INFO("allocation " << refused);
        Play play(reactor, refused);
        const bool was_refused = allocation_was_refused();
        play.send_each_a_byte();
        play.scheduler.run_for(10s);
        CHECK(play.ended == readers);
        if (!was_refused || refused == enough)
            break;
    }
    CHECK(refused < enough);
}

TEST_CASE("a reactor that could not be made for want of memory leaves nothing open", "[memory]")
{
    const std::string reactor = each_users_reactor();
    constexpr int enough = 100;
    int refused = 0;
    for (bool made = false; !made && refused < enough; ++refused) {
        const std::vector<int> before = open_numbers();
        refuse_allocation(refused);
        try {
            reactor_named(reactor, system_kernel());
            made = !allocation_was_refused();
        } catch (const std::bad_alloc&) {}
        refuse_allocation(-1);
        CHECK(open_numbers() == before);
    }
    CHECK(refused < enough);
}

TEST_CASE("to forget a descriptor that nobody has waited for takes no memory", "[memory]")
{
    const auto reactor = reactor_named(each_users_reactor(), system_kernel());
    const std::size_t before = allocations();
    reactor->forget(Descriptor(1'000'000));
    CHECK(allocations() == before);
}
