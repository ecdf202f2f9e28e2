// Sockets that do more than carry bytes one after the other, and descriptors that others handle
// beside us.
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cstring>

#include <sys/socket.h>
#include <unistd.h>

using namespace cogen;

TEST_CASE("a read that stops at an urgent mark is followed by one of the data behind it",
          "[read][reactor]")
{
    World world(each_real_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        std::array<char, 100> buffer;
        yield(there.write("first"));
        CHECK(yield(here.read(buffer)) == 5);  // from now on it is known to the reactor
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
          "[read][reactor]")
{
    World world(each_real_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        std::array<char, 100> buffer;
        yield(there.write("first"));
        CHECK(yield(here.read(buffer)) == 5);
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

TEST_CASE("a released descriptor is the reactor's no longer, and its number is free for another",
          "[read][close][reactor]")
{
    World world(each_real_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        char byte;
        const auto reader = yield(Spawn([&, &here = here](Yield& y) {
            return error_of(y, here.read({&byte, 1}));
        }));
        yield(Sleep(1s));
        const int number = here.release().number();
        CHECK(yield(Join(reader)) == errc::closed);
        CHECK_FALSE(here);
        const int copy = ::dup(number);  // the file lives on
        ::close(number);
        auto [next_here, next_there] = connection(yield);
        CHECK(next_here.descriptor().number() <= number + 2);
        const auto next_reader = yield(
            Spawn([&next_here = next_here](Yield& y) { return read_up_to(y, next_here, 5); }));
        yield(Sleep(1s));
        yield(next_there.write("hello"));
        CHECK(yield(Join(next_reader)) == "hello");
        ::close(copy);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a file that comes back to its number is watched again", "[read][reactor]")
{
    World world(each_real_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        std::array<char, 16> buffer;
        yield(there.write("x"));
        CHECK(yield(here.read(buffer)) == 1);
        const auto waits =
            yield(Spawn([&, &here = here](Yield& y) { return error_of(y, here.read(buffer)); }));
        yield(Sleep(1s));
        const int number = here.descriptor().number();
        const int copy = ::dup(number);
        yield(here.close());
        CHECK(yield(Join(waits)) == errc::closed);
        CHECK(::dup2(copy, number) == number);
        ::close(copy);
        const Socket again(world.scheduler, Descriptor(number));
        const auto reader = yield(Spawn([&](Yield& y) { return read_up_to(y, again, 4); }));
        yield(Sleep(1s));
        yield(there.write("back"));
        CHECK(yield(Join(reader)) == "back");
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a socket that is assigned to closes the one it had", "[close][reactor]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        auto [next_here, next_there] = connection(yield);
        here = std::move(next_here);
        CHECK_FALSE(next_here);
        char byte;
        CHECK(yield(there.read({&byte, 1})) == 0);  // the end of the first connection
        yield(here.write("x"));
        CHECK(yield(next_there.read({&byte, 1})) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}
