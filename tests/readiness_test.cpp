#include "tests/support/descriptors.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/kernel_decorator.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

using namespace cogen;

// What reactors that are told of readiness make of what they are told.

namespace {

/// Waits until its descriptor has been reported ready once.
class Reported final : public IoOperation {
public:
    Reported(Descriptor descriptor, Interest interest) : IoOperation(descriptor, interest) {}

    ssize_t attempt(Kernel&) noexcept override
    {
        return std::exchange(reported_, true) ? 0 : -EAGAIN;
    }
    bool advance(ssize_t) noexcept override { return true; }
    void result() const { throw_if_failed(); }
    std::string describe() const override { return describe_as("Reported"); }

private:
    bool reported_ = false;
};

/// Counts attempts, and those in vain.
struct Attempts final : Instrument {
    int count = 0;
    int in_vain = 0;
    void attempted(const IoOperation&, ssize_t answer) noexcept override
    {
        ++count;
        in_vain += answer == -EAGAIN;
    }
};

}

TEST_CASE("what was found empty is not tried again before it is reported ready", "[read][reactor]")
{
    Attempts attempts;
    World world(each_readiness_reactor());
    world.scheduler.attach(attempts);
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        for (int i = 0; i < 3; ++i) {
            const auto reader =
                yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 4); }));
            yield(Sleep(1s));
            world.scheduler.cancel(reader);
            yield(Sleep(1s));
        }
        CHECK(attempts.count == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a write that has filled the buffer tries once more, and then waits for room",
          "[write][reactor]")
{
    Attempts attempts;
    World world("memory");
    world.scheduler.attach(attempts);
    auto [here, there] = socket_pair(world.scheduler);
    const std::string much(1'000'000, 'x');
    world.scheduler.spawn([&, &here = here](Yield& yield) { yield(here.write(much)); });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(Sleep(1s));
        CHECK(attempts.count == 2);
        CHECK(read_up_to(yield, there, much.size()) == much);
    });
    CHECK(world.scheduler.run().failed == 0);
}

#if __has_include(<sys/epoll.h>)

TEST_CASE("epoll is told of a descriptor once for each direction", "[write][reactor][count]")
{
    World world("epoll");
    auto [here, there] = socket_pair(world.scheduler);
    const std::string much(2'000'000, 'x');  // more than any buffer holds
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        for (int i = 0; i < 5; ++i)
            yield(here.write(much));
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        CHECK(read_up_to(yield, there, 5 * much.size()).size() == 5 * much.size());
    });
    CHECK(world.scheduler.run().failed == 0);
    for (const CallCount& call : world.scheduler.reactor().calls())
        if (call.name == "epoll_ctl")
            CHECK(call.count <= 2);
}

#endif

TEST_CASE("what happens to a file that lives on says nothing of the next with its number",
          "[read][close][reactor]")
{
    Attempts attempts;
    World world(each_readiness_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        const auto read_byte = [](Yield& y, const Socket& socket) {
            char byte;
            return error_of(y, socket.read({&byte, 1}));
        };
        const auto reader = yield(Spawn(read_byte, std::cref(here)));
        yield(Sleep(1s));
        const int number = here.descriptor().number();
        const int copy = ::dup(number);
        yield(here.close());
        CHECK(yield(Join(reader)) == errc::closed);

        auto next = socket_pair(world.scheduler);
        REQUIRE(next.first.descriptor().number() == number);
        world.scheduler.attach(attempts);
        const auto next_reader = yield(Spawn(read_byte, std::cref(next.first)));
        yield(Sleep(1s));
        CHECK(attempts.count == 1);
        yield(there.write("x"));  // to the file that has moved away
        yield(Sleep(1s));
        CHECK(attempts.count == 2);  // that was the write
        yield(next.second.write("x"));
        CHECK_FALSE(yield(Join(next_reader)));
        ::close(copy);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what happens to a released descriptor ends no wait", "[read][close][reactor]")
{
    World world(each_readiness_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    int number = -1;
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        const auto reader = yield(Spawn([&here = here](Yield& y) {
            char byte;
            return error_of(y, here.read({&byte, 1}));
        }));
        yield(Sleep(1s));
        number = here.release().number();
        CHECK(yield(Join(reader)) == errc::closed);
        yield(there.write("x"));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK_FALSE(world.scheduler.reactor().wait(Duration::zero()));
    ::close(number);
}

#if __has_include(<sys/epoll.h>)

TEST_CASE("what the system will not watch fails, and keeps nobody waiting", "[reactor]")
{
    World world("epoll");
    const Descriptor closed(::dup(0));
    auto [here, there] = socket_pair(world.scheduler);  // with larger numbers
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        yield(here.write("x"));  // from now on the reactor has room for all of them
        ::close(closed.number());
        CHECK(error_of(yield, Reported(closed, Interest::read)).value() == EBADF);
        CHECK(error_of(yield, Reported(closed, Interest::read)).value() == EBADF);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(world.scheduler.reactor().empty());
}

TEST_CASE("what epoll will not watch, since it is always ready, is reported once to each who waits",
          "[reactor]")
{
    World world("epoll");
    std::FILE* const file = std::tmpfile();
    const Descriptor descriptor(::fileno(file));
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_FALSE(error_of(yield, Reported(descriptor, Interest::read)));
        CHECK_FALSE(error_of(yield, Reported(descriptor, Interest::write)));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK_FALSE(world.scheduler.reactor().wait(Duration::zero()));
    std::fclose(file);
}

#endif

TEST_CASE("who waits for a pipe learns that its other end is gone", "[reactor]")
{
    World world(each_readiness_reactor());
    const bool reads = GENERATE(true, false);
    int ends[2];
    REQUIRE(open_pipe(ends) == 0);
    while (!reads && ::write(ends[1], "xxxx", 4) > 0) {}  // full, so that it is not ready as it is
    const int ours = ends[reads ? 0 : 1];
    const int other = ends[reads ? 1 : 0];
    world.scheduler.spawn([&](Yield& yield) {
        const auto waiter = yield(Spawn([&](Yield& y) {
            return error_of(y,
                            Reported(Descriptor(ours), reads ? Interest::read : Interest::write));
        }));
        yield(Sleep(1s));
        CHECK_FALSE(waiter.finished());
        ::close(other);
        yield(Sleep(1s));
        CHECK(waiter.finished());
        world.scheduler.reactor().close(Descriptor(ours));
        CHECK_FALSE(yield(Join(waiter)));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("poll and select tell who waits for a descriptor that was closed behind their back",
          "[read][reactor]")
{
    World world(GENERATE(as<std::string>(), "poll", "select"));
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        char byte;
        CHECK(error_of(yield, here.read({&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, here.close()).value() == EBADF);
    });
    world.scheduler.spawn([&here = here](Yield&) { ::close(here.descriptor().number()); });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("poll and select do not turn without end when the descriptor that wakes them has gone",
          "[reactor]")
{
    const std::vector<int> before = open_numbers();
    const auto reactor = make_reactor(GENERATE(as<std::string>(), "poll", "select"));
    for (const int number : open_numbers())
        if (std::find(before.begin(), before.end(), number) == before.end())
            ::close(number);
    CHECK_THROWS_AS(reactor->wait(Duration(1ms)), system_error);
}

namespace {

/// A network that takes a file byte by byte, and always another one.
class TakesEachByte final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    ssize_t sendfile(Descriptor, Descriptor, off_t, std::size_t) override { return 1; }
};

}

TEST_CASE("a peer that takes as fast as we give does not keep the others waiting",
          "[sendfile][fairness][reactor]")
{
    const std::string name = each_readiness_reactor();
    const auto network = kernel_for(name);
    TakesEachByte kernel(*network);
    Scheduler scheduler(reactor_named(name, kernel));
    auto [here, there] = socket_pair(scheduler);
    std::uint64_t passes = 0;
    bool sent = false;
    scheduler.spawn([&, &here = here](Yield& yield) {
        CHECK(yield(here.sendfile(Descriptor(0), 0, 1000)) == 1000);
        sent = true;
    });
    scheduler.spawn([&](Yield& yield) {
        while (!sent) {
            ++passes;
            yield(Pass());
        }
    });
    CHECK(scheduler.run().failed == 0);
    CHECK(passes >= 1000 / 16);
    CHECK(scheduler.turn() >= 1000 / 16);
    CHECK(scheduler.turn() < 200);
}
