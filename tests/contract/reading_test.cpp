// What a read answers, and when.
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "cogen/operations/read.hpp"

#include <catch2/catch.hpp>

#include <cstring>

#include <sys/mman.h>
#include <sys/socket.h>

using namespace cogen;

namespace {

/// Counts how often somebody attempts.
struct Attempts final : Instrument {
    int count = 0;
    void attempted(const IoOperation&, ssize_t) noexcept override { ++count; }
};

}

TEST_CASE("a read answers with what is there, up to its buffer", "[contract][read]")
{
    World world(each_reactor({{"faulty", "its transfers may be short"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.write("hello"));
        std::string buffer(3, ' ');
        CHECK(yield(here.read(buffer)) == 3);
        CHECK(buffer == "hel");
        CHECK(yield(here.read(buffer)) == 2);
        CHECK(buffer.substr(0, 2) == "lo");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a read waits for data, and the others run meanwhile", "[contract][read]")
{
    World world(each_reactor());
    std::string order;
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(Spawn([&order, &there = there](Yield& y) {
            order += "others ";
            y(Sleep(1s));
            y(there.write("x"));
        }));
        char byte;
        yield(here.read({&byte, 1}));
        order += "read";
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(order == "others read");
}

TEST_CASE("a buffer may be larger than any number that a call's length is cut to",
          "[contract][read]")
{
    World world(each_reactor());
    constexpr std::size_t size = std::size_t{1} << 32;
    void* const vast = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(vast != MAP_FAILED);
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(Spawn([&there = there](Yield& y) {
            y(Sleep(1s));
            y(there.write("x"));
        }));
        CHECK(yield(here.read({static_cast<char*>(vast), size})) == 1);
        CHECK(*static_cast<char*>(vast) == 'x');
    });
    CHECK(world.scheduler.run().failed == 0);
    ::munmap(vast, size);
}

TEST_CASE("the end of a stream is 0, and stays so", "[contract][read]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.close());
        char byte;
        CHECK(yield(here.read({&byte, 1})) == 0);
        CHECK(yield(here.read({&byte, 1})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("data sent before a hang-up is read before the end", "[contract][read]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 100) + '.'; }));
        yield(Sleep(1s));  // the reader waits
        yield(there.write("payload"));
        yield(there.close());
        CHECK(yield(Join(reader)) == "payload.");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a reader that was content with a short read learns of the end that came with the data",
          "[contract][read]")
{
    // One exchange first, so that the descriptor is registered; then data and end in one report.
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, SIZE_MAX); }));
        yield(there.write("first"));
        yield(Sleep(1s));
        yield(there.write("last"));
        yield(there.close());
        CHECK(yield(Join(reader)) == "firstlast");
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("to read nothing is done at once, and is no end", "[contract][read]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        CHECK(yield(here.read({nullptr, 0})) == 0);
        yield(there.write("x"));
        char byte;
        CHECK(yield(here.read({&byte, 1})) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("one coroutine reads while another writes the same socket", "[contract][read]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const std::string much(20'000'000, 'w');  // more than any buffer holds
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 5); }));
        const auto writer =
            yield(Spawn([&, &here = here](Yield& y) { return y(here.write(much)); }));
        yield(Sleep(1s));  // both wait: one for data, one for room
        CHECK_FALSE(reader.finished());
        CHECK_FALSE(writer.finished());
        yield(there.write("hello"));
        CHECK(yield(Join(reader)) == "hello");
        CHECK(read_up_to(yield, there, much.size()) == much);
        CHECK(yield(Join(writer)) == much.size());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a second reader of a socket is refused, and the first reads on", "[contract][read]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 5); }));
        char byte;
        CHECK_THROWS_AS(yield(here.read({&byte, 1})), SimultaneousError);
        yield(there.write("first"));
        CHECK(yield(Join(reader)) == "first");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a read that stops at an urgent mark is followed by one of the data behind it",
          "[contract][read]")
{
    World world(each_reactor({{"memory", "it carries no urgent data"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.write("first"));
        CHECK(read_up_to(yield, here, 5) == "first");  // from now on it is known to the reactor
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 6); }));
        yield(Sleep(1s));
        const int number = there.descriptor().number();
        CHECK(::send(number, "abc", 3, MSG_NOSIGNAL) == 3);
        CHECK(::send(number, "X", 1, MSG_NOSIGNAL | MSG_OOB) == 1);
        CHECK(::send(number, "def", 3, MSG_NOSIGNAL) == 3);
        CHECK(yield(Join(reader)) == "abcdef");
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a read that stops behind a descriptor sent along is followed by the rest",
          "[contract][read]")
{
    World world(each_reactor({{"memory", "it carries no descriptors"}}));
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        yield(there.write("first"));
        CHECK(read_up_to(yield, here, 5) == "first");
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 8); }));
        yield(Sleep(1s));

        const int number = there.descriptor().number();
        iovec data{const_cast<char*>("with"), 4};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
        msghdr message{};
        message.msg_iov = &data;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &number, sizeof number);
        CHECK(::sendmsg(number, &message, MSG_NOSIGNAL) == 4);
        CHECK(::send(number, "more", 4, MSG_NOSIGNAL) == 4);
        CHECK(yield(Join(reader)) == "withmore");
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("data that come while nobody reads are there for the next who does", "[contract][read]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 4); }));
        yield(Sleep(1s));
        world.scheduler.cancel(reader);  // from now on the descriptor is known to be empty
        yield(Sleep(1s));
        yield(there.write("data"));
        yield(Sleep(1s));  // it is reported, and nobody waits
        CHECK(read_up_to(yield, here, 4) == "data");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an urgent byte alone, and many of them, neither end a read nor have anybody spin",
          "[contract][read]")
{
    World world(each_reactor({{"memory", "it carries no urgent data"}}));
    const bool in_line = GENERATE(false, true);
    Attempts attempts;
    world.scheduler.attach(attempts);
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const int on = in_line;
        ::setsockopt(here.descriptor().number(), SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);
        const std::string expected = in_line ? "UUUUUend" : "end";
        const auto reader = yield(
            Spawn([&, &here = here](Yield& y) { return read_up_to(y, here, expected.size()); }));
        for (int i = 0; i < 5; ++i) {
            yield(Sleep(1s));  // the reader waits
            CHECK(::send(there.descriptor().number(), "U", 1, MSG_NOSIGNAL | MSG_OOB) == 1);
            CHECK_FALSE(reader.finished());
        }
        yield(Sleep(1min));
        CHECK(attempts.count < 100);
        yield(there.write("end"));
        CHECK(yield(Join(reader)) == expected);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
    world.scheduler.detach(attempts);
}

TEST_CASE("a writer to whom urgent data come writes on, and nobody spins", "[contract][write]")
{
    World world(each_reactor({{"memory", "it carries no urgent data"}}));
    Attempts attempts;
    world.scheduler.attach(attempts);
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const std::string much(20'000'000, 'x');
        const auto writer =
            yield(Spawn([&, &here = here](Yield& y) { return y(here.write(much)); }));
        yield(Sleep(1s));  // the writer waits
        attempts.count = 0;
        CHECK(::send(there.descriptor().number(), "U", 1, MSG_NOSIGNAL | MSG_OOB) == 1);
        yield(Sleep(1min));
        CHECK_FALSE(writer.finished());
        CHECK(attempts.count < 10);
        CHECK(read_up_to(yield, there, much.size()) == much);
        CHECK(yield(Join(writer)) == much.size());
    });
    CHECK(world.scheduler.run().failed == 0);
    world.scheduler.detach(attempts);
}
