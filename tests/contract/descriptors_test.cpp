// How open descriptors are passed on, and that none is lost or left open.
#include "tests/support/descriptors.hpp"
#include "tests/support/few_descriptors.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "cogen/operations/send_descriptors.hpp"
#include "cogen/receive_descriptors.hpp"

#include <catch2/catch.hpp>

#include <cerrno>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace cogen;

namespace {

const NotApplicable memory_passes_none{"memory", "it passes no descriptors on"};

/// A pipe whose end for writing is passed on.
struct Passed {
    explicit Passed(Scheduler& scheduler) { std::tie(out, in) = cogen::pipe(scheduler); }

    /// Whether that is its end for writing.
    bool is_written_by(const OpenDescriptor& descriptor) const
    {
        char byte = 'x';
        return ::write(descriptor.get().number(), &byte, 1) == 1
               && ::read(out.descriptor().number(), &byte, 1) == 1;
    }

    File out;
    File in;
};

/// How many descriptors the process may have besides those that it has.
std::size_t free_numbers()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    std::size_t count = 0;
    for (rlim_t number = 0; number < limit.rlim_cur; ++number)
        count += ::fcntl(static_cast<int>(number), F_GETFD) < 0;
    return count;
}

bool is_closed_on_exec(const OpenDescriptor& descriptor)
{
    return ::fcntl(descriptor.get().number(), F_GETFD) == FD_CLOEXEC;
}

/// Plays `body` with both ends of a Unix stream, and then with those of datagrams, and finds out
/// whether it has left any descriptor open.
template <class Body>
void on_each_kind(World& world, Body body)
{
    const std::vector<int> before = open_numbers();
    world.scheduler.spawn([&](Yield& yield) {
        {
            auto [here, there] = socket_pair(world.scheduler);
            body(yield, here, there);
        }
        auto [here, there] = datagram_pair(world.scheduler);
        body(yield, here, there);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(open_numbers() == before);
}

}

TEST_CASE("descriptors are passed on with bytes, and are closed on exec",
          "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none, {"faulty", "its transfers may be short"}}));
    on_each_kind(world, [&](Yield& yield, auto& here, auto& there) {
        const Passed one(world.scheduler);
        const Passed other(world.scheduler);
        std::array<char, 100> buffer;
        std::array<OpenDescriptor, 4> got;
        const auto reader =
            yield(Spawn([&](Yield& y) { return y(here.receive_descriptors(buffer, got)); }));
        yield(Sleep(1s));  // the reader waits
        const std::array sent = {one.in.descriptor(), other.in.descriptor()};
        CHECK(yield(there.send_descriptors(sent, "two")) == 3);
        const ReceivedDescriptors two = yield(Join(reader));
        CHECK(std::string(buffer.data(), two.size) == "two");
        REQUIRE(two.count == 2);
        CHECK_FALSE(two.truncated);
        CHECK_FALSE(two.descriptors_truncated);
        CHECK(one.is_written_by(got[0]));
        CHECK(other.is_written_by(got[1]));
        CHECK(is_closed_on_exec(got[0]));
        CHECK_FALSE(got[2]);

        yield(there.send_descriptors({one.in.descriptor()}, "one"));
        yield(there.send_descriptors({}, "none"));
        const ReceivedDescriptors single = yield(here.receive_descriptors(buffer, got));
        CHECK(single.size == 3);
        CHECK(single.count == 1);
        const ReceivedDescriptors none = yield(here.receive_descriptors(buffer, got));
        CHECK(none.size == 4);
        CHECK(none.count == 0);
    });
}

TEST_CASE("what goes out in pieces has its descriptors with the first, once",
          "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none}));
    const std::string much(3'000'000, 'x');
    const std::vector<int> before = open_numbers();
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = socket_pair(world.scheduler);
        const Passed pipe(world.scheduler);
        const auto writer = yield(Spawn([&, &there = there](Yield& y) {
            const std::size_t count = y(there.send_descriptors({pipe.in.descriptor()}, much));
            y(there.close());
            return count;
        }));
        std::vector<char> buffer(100'000);
        std::size_t bytes = 0;
        std::size_t descriptors = 0;
        for (;;) {
            std::array<OpenDescriptor, 4> got;
            const ReceivedDescriptors received = yield(here.receive_descriptors(buffer, got));
            if (received.size == 0)
                break;
            CHECK((received.count == 0 || bytes == 0));
            bytes += received.size;
            descriptors += received.count;
        }
        CHECK(bytes == much.size());
        CHECK(descriptors == 1);
        CHECK(yield(Join(writer)) == much.size());
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(open_numbers() == before);
}

TEST_CASE("a receiver that is cancelled or timed out leaves the descriptors to the next",
          "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none}));
    on_each_kind(world, [&](Yield& yield, auto& here, auto& there) {
        const Passed pipe(world.scheduler);
        std::array<char, 100> buffer;
        std::array<OpenDescriptor, 1> got;
        CHECK_THROWS_AS(yield(here.receive_descriptors(buffer, got) | within(1s)), TimeoutError);
        const auto reader =
            yield(Spawn([&](Yield& y) { return y(here.receive_descriptors(buffer, got)).count; }));
        yield(Sleep(1s));
        world.scheduler.cancel(reader);
        yield(Join(reader) | as_tuple);
        yield(there.send_descriptors({pipe.in.descriptor()}, "x"));
        CHECK_FALSE(got[0]);
        CHECK(yield(here.receive_descriptors(buffer, got)).count == 1);
        CHECK(pipe.is_written_by(got[0]));
    });
}

TEST_CASE("a receiver that is cancelled when its descriptors are there has them, or closes them",
          "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none}));
    on_each_kind(world, [&](Yield& yield, auto& here, auto& there) {
        const Passed pipe(world.scheduler);
        const auto reader = yield(Spawn([&](Yield& y) {
            std::array<char, 100> buffer;
            std::array<OpenDescriptor, 1> got;
            y(here.receive_descriptors(buffer, got));
            y(Pass());  // here it is cancelled
        }));
        yield(Sleep(1s));
        yield(there.send_descriptors({pipe.in.descriptor()}, "x"));
        world.scheduler.cancel(reader);
        yield(Join(reader) | as_tuple);
    });
}

TEST_CASE("descriptors for which there is no room are closed, and that is told",
          "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none}));
    on_each_kind(world, [&](Yield& yield, auto& here, auto& there) {
        const Passed pipe(world.scheduler);
        const std::vector<Descriptor> sent(4, pipe.in.descriptor());
        std::array<char, 100> buffer;
        for (std::size_t few = 0; few < 4; ++few) {
            std::array<OpenDescriptor, 4> got;
            yield(there.send_descriptors(sent, "x"));
            const ReceivedDescriptors received =
                yield(here.receive_descriptors(buffer, std::span(got).first(few)));
            CHECK(received.size == 1);
            CHECK(received.count == few);
            CHECK(received.descriptors_truncated);
        }
    });
}

TEST_CASE("where the process has no descriptor left, those that it can have are delivered, and the "
          "lack of the others is told",
          "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none}));
    on_each_kind(world, [&](Yield& yield, auto& here, auto& there) {
        const Passed pipe(world.scheduler);
        const std::vector<Descriptor> sent(4, pipe.in.descriptor());
        std::array<char, 100> buffer;
        std::array<OpenDescriptor, 8> got;
        yield(there.send_descriptors(sent, "x"));
        const FewDescriptors few(3);
        const std::size_t expected = free_numbers();
        REQUIRE(expected > 0);
        REQUIRE(expected < sent.size());
        const ReceivedDescriptors received = yield(here.receive_descriptors(buffer, got));
        CHECK(received.size == 1);
        CHECK(received.count == expected);
        CHECK(received.descriptors_truncated);
        CHECK(pipe.is_written_by(got[expected - 1]));
    });
}

TEST_CASE("descriptors that nobody takes are closed with the socket, or by a plain read",
          "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none}));
    const std::vector<int> before = open_numbers();
    world.scheduler.spawn([&](Yield& yield) {
        Passed pipe(world.scheduler);
        auto [here, there] = socket_pair(world.scheduler);
        yield(there.send_descriptors({pipe.in.descriptor()}, "x"));
        yield(pipe.in.close());
        char byte;
        CHECK(error_of(yield, pipe.out.read({&byte, 1}) | within(1s)) == errc::timed_out);
        CHECK(yield(here.read({&byte, 1})) == 1);
        CHECK(yield(pipe.out.read({&byte, 1})) == 0);  // nobody is left who might write

        Passed another(world.scheduler);
        yield(there.send_descriptors({another.in.descriptor()}, "x"));
        yield(another.in.close());
        yield(here.close());
        CHECK(yield(another.out.read({&byte, 1})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(open_numbers() == before);
}

TEST_CASE("what cannot be passed on says why, and nothing has gone", "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none}));
    on_each_kind(world, [&](Yield& yield, auto& here, auto& there) {
        const std::vector<Descriptor> many(SendDescriptors::most + 1, here.descriptor());
        CHECK(error_of(yield, there.send_descriptors(many, "x")).value() == EINVAL);
        CHECK(error_of(yield, there.send_descriptors({here.descriptor()}, "")).value() == EINVAL);
        CHECK(error_of(yield, there.send_descriptors({Descriptor(19'000)}, "x")).value() == EBADF);
        std::array<char, 100> buffer;
        std::array<OpenDescriptor, SendDescriptors::most> got;
        CHECK(error_of(yield, here.receive_descriptors(buffer, got) | within(1s))
              == errc::timed_out);
        const std::vector<Descriptor> all(SendDescriptors::most, here.descriptor());
        yield(there.send_descriptors(all, "x"));
        CHECK(yield(here.receive_descriptors(buffer, got)).count == SendDescriptors::most);
    });
}

TEST_CASE("what was passed on is not passed on again when that is yielded again",
          "[contract][send_descriptors]")
{
    World world(each_reactor({memory_passes_none}));
    Passed passed(world.scheduler);
    on_each_kind(world, [&](Yield& yield, const auto& here, const auto& there) {
        const Descriptor descriptor = passed.in.descriptor();
        SendDescriptors send(here.descriptor(), {&descriptor, 1}, "spam");
        CHECK(yield(send) == 4);
        CHECK(yield(send) == 4);
        std::array<char, 10> buffer;
        std::array<OpenDescriptor, 2> got;
        CHECK(yield(there.receive_descriptors(buffer, got)).count == 1);
        CHECK(error_of(yield, there.receive_descriptors(buffer, got) | within(1s))
              == errc::timed_out);
    });
}

TEST_CASE("one may receive a descriptor in place of the one that it comes from",
          "[contract][send_descriptors]")
{
    World world(each_reactor(
        {memory_passes_none, {"faulty", "what it tells later has been closed by then"}}));
    Passed passed(world.scheduler);
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        OpenDescriptor own(world.scheduler, here.release());
        char byte;
        CHECK(yield(ReceiveDescriptors(own.get(), {&byte, 1}, {&own, 1})).count == 1);
        CHECK(passed.is_written_by(own));
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(Sleep(1s));
        const Descriptor descriptor = passed.in.descriptor();
        yield(there.send_descriptors({&descriptor, 1}, "x"));
        char byte;
        CHECK(yield(there.read({&byte, 1})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(world.scheduler.reactor().empty());
}
