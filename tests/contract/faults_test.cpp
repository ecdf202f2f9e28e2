// What goes wrong is the error of who asked, the same everywhere, and of nobody else.
#include "tests/support/child.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <csignal>
#include <cstdint>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace cogen;

TEST_CASE("a descriptor that is not open is the error of who uses it",
          "[contract][read][write][accept]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const Descriptor nothing(19'000);
        char byte = 0;
        CHECK(error_of(yield, Read(nothing, {&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, Write(nothing, {&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, Accept(nothing)).value() == EBADF);
        auto [here, there] = connection(yield);  // all is well with others
        yield(there.write("x"));
        CHECK(yield(here.read({&byte, 1})) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a descriptor that is no socket is the error of who uses it", "[contract][read][write]")
{
    World world(each_reactor({{"memory", "it has nothing but sockets"}}));
    world.scheduler.spawn([&](Yield& yield) {
        const Descriptor file(::open("/dev/null", O_RDWR | O_CLOEXEC));
        char byte = 0;
        CHECK(error_of(yield, Read(file, {&byte, 1})).value() == ENOTSOCK);
        CHECK(error_of(yield, Write(file, {&byte, 1})).value() == ENOTSOCK);
        CHECK_FALSE(world.scheduler.reactor().close(file));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an empty socket can do nothing, and says so", "[contract][read][write]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Socket none;
        char byte;
        CHECK(error_of(yield, none.read({&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, none.write("x")).value() == EBADF);
        CHECK_FALSE(error_of(yield, none.close()));
        auto [here, there] = connection(yield);
        const Socket moved = std::move(here);
        CHECK(error_of(yield, here.read({&byte, 1})).value() == EBADF);
        yield(there.write("x"));
        CHECK(yield(moved.read({&byte, 1})) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an operation that has failed may be yielded again", "[contract][read]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        char byte;
        Read read = here.read({&byte, 1});
        const auto first =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 1); }));
        CHECK_THROWS_AS(yield(read), SimultaneousError);
        yield(there.write("xy"));
        CHECK(yield(Join(first)) == "x");
        CHECK(yield(read) == 1);
        CHECK(byte == 'y');
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a reader and a writer that wait both learn of a reset", "[contract][read][write]")
{
    World world(each_reactor({{"memory", "it does not linger"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const std::string much(20'000'000, 'x');  // more than any buffer holds
        const auto reader = yield(Spawn([&here = here](Yield& y) {
            char byte;
            return error_of(y, here.read({&byte, 1}));
        }));
        const auto writer =
            yield(Spawn([&, &here = here](Yield& y) { return error_of(y, here.write(much)); }));
        yield(Sleep(1s));
        CHECK_FALSE(reader.finished());
        CHECK_FALSE(writer.finished());
        const linger at_once{1, 0};
        ::setsockopt(there.descriptor().number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        yield(there.close());

        // The system tells it once; who asks then is told of an end.
        const int read = yield(Join(reader)).value();
        const int write = yield(Join(writer)).value();
        CHECK((read == ECONNRESET || (read == 0 && write == ECONNRESET)));
        CHECK((write == ECONNRESET || (write == EPIPE && read == ECONNRESET)));
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a write to a peer that is gone raises no SIGPIPE where that would kill",
          "[contract][write]")
{
    const std::string reactor = each_reactor({{"memory", "it knows no signals"}});
    const int status = status_of_child([&] {
        std::signal(SIGPIPE, SIG_DFL);
        World world(reactor);
        auto [here, there] = socket_pair(world.scheduler);
        there = Socket();
        error_code error;
        world.scheduler.spawn(
            [&, &here = here](Yield& yield) { error = error_of(yield, here.write("x")); });
        world.scheduler.run();
        ::_exit(error.value() == EPIPE && std::signal(SIGPIPE, SIG_DFL) == SIG_DFL ? 0 : 1);
    });
    CHECK(status == 0);
}

TEST_CASE("a writer that waits learns that its peer has shut down both directions",
          "[contract][write]")
{
    World world(each_reactor(
        {{"select", "it tells only readers of a hang-up: a writer waits until the peer closes"}}));
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        const std::string much(20'000'000, 'x');
        const auto writer =
            yield(Spawn([&, &here = here](Yield& y) { return error_of(y, here.write(much)); }));
        yield(Sleep(1s));
        CHECK_FALSE(writer.finished());
        world.kernel->shutdown(there.descriptor(), SHUT_RDWR);
        CHECK(yield(Join(writer)).value() == EPIPE);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a write that memory cuts short ends with the system's error, and does not wait for ever",
          "[contract][write]")
{
    World world(each_reactor({{"memory", "it reads whatever memory it is given"}}));
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t readable = 20 * page;
    void* const memory = ::mmap(nullptr, readable + page, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    REQUIRE(::mprotect(static_cast<char*>(memory) + readable, page, PROT_NONE) == 0);
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&there = there](Yield& y) { read_up_to(y, there, SIZE_MAX); }));
        const ConstBuffer buffer(memory, readable + page);
        CHECK(error_of(yield, here.write(buffer) | within(1h)).value() == EFAULT);
        CHECK(error_of(yield, here.writev({buffer}) | within(1h)).value() == EFAULT);
        yield(here.close());
        yield(Join(reader));
    });
    CHECK(world.scheduler.run().failed == 0);
    ::munmap(memory, readable + page);
}

TEST_CASE("a number far beyond all descriptors is an error, and takes no memory",
          "[contract][read][wait_readable]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const Descriptor wild(2'000'000'000);
        char byte = 0;
        CHECK(error_of(yield, WaitReadable(wild)).value() == EBADF);
        CHECK(error_of(yield, Read(wild, {&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, Shutdown(wild, Shutdown::Direction::both)).value() == EBADF);
    });
    CHECK(world.scheduler.run().failed == 0);
}
