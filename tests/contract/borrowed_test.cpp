#include "tests/support/descriptors.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/kernel_decorator.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

using namespace cogen;

namespace {

/// A pipe that nobody but the test reads, writes and closes.
struct Pipe {
    Pipe() { REQUIRE(open_pipe(ends) == 0); }
    ~Pipe()
    {
        for (const int end : ends)
            if (end >= 0)
                ::close(end);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    Descriptor out() const { return Descriptor(ends[0]); }
    Descriptor in() const { return Descriptor(ends[1]); }
    void put() const { REQUIRE(::write(ends[1], "x", 1) == 1); }
    void get() const
    {
        char byte;
        REQUIRE(::read(ends[0], &byte, 1) == 1);
    }
    void close(int end)
    {
        ::close(ends[end]);
        ends[end] = -1;
    }

    int ends[2];
};

const NotApplicable memory_has_no_files{"memory", "it has no pipes and no files"};

}

TEST_CASE("a foreign descriptor is waited for until it is readable, as often as one likes",
          "[wait_readable][contract]")
{
    World world(each_reactor({memory_has_no_files}));
    Pipe pipe;
    world.scheduler.spawn([&](Yield& yield) {
        for (int round = 0; round < 3; ++round) {
            const auto waiter = yield(Spawn([&](Yield& y) { y(WaitReadable(pipe.out())); }));
            yield(Sleep(1s));
            CHECK_FALSE(waiter.finished());
            pipe.put();
            yield(Join(waiter));
            yield(WaitReadable(pipe.out()));  // it still is
            pipe.get();
        }
        CHECK(world.scheduler.reactor().empty());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what has been read by somebody else meanwhile is not readable",
          "[wait_readable][contract]")
{
    World world(each_reactor({memory_has_no_files}));
    Pipe pipe;
    world.scheduler.spawn([&](Yield& yield) {
        pipe.put();
        yield(WaitReadable(pipe.out()));
        pipe.get();
        CHECK_THROWS_AS(yield(WaitReadable(pipe.out()) | within(1s)), TimeoutError);
        pipe.put();
        yield(WaitReadable(pipe.out()) | within(1s));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("one waits until a foreign descriptor is readable, another until it is writable",
          "[wait_readable][contract]")
{
    World world(each_reactor({memory_has_no_files}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = socket_pair(world.scheduler);
        const std::string much(1'000'000, 'x');
        const Descriptor foreign = here.descriptor();
        while (::send(foreign.number(), much.data(), much.size(), MSG_DONTWAIT) > 0) {}
        std::string order;
        const auto reader = yield(Spawn([&](Yield& y) {
            y(WaitReadable(foreign));
            order += "readable ";
        }));
        const auto writer = yield(Spawn([&](Yield& y) {
            y(WaitWritable(foreign));
            order += "writable ";
        }));
        CHECK(error_of(yield, WaitReadable(foreign)) == errc::simultaneous);
        CHECK(error_of(yield, WaitWritable(foreign)) == errc::simultaneous);
        yield(Sleep(1s));
        CHECK(order.empty());
        yield(there.write("x"));
        yield(Join(reader));
        CHECK(order == "readable ");
        std::vector<char> buffer(much.size());
        while (::recv(there.descriptor().number(), buffer.data(), buffer.size(), MSG_DONTWAIT)
               > 0) {}
        yield(Join(writer));
        CHECK(order == "readable writable ");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a peer that has gone makes a foreign descriptor ready", "[wait_readable][contract]")
{
    World world(each_reactor({memory_has_no_files}));
    world.scheduler.spawn([&](Yield& yield) {
        Pipe no_writer;
        const auto reader = yield(Spawn([&](Yield& y) { y(WaitReadable(no_writer.out())); }));
        yield(Sleep(1s));
        no_writer.close(1);
        yield(Join(reader));
        Pipe no_reader;
        no_reader.close(0);
        yield(WaitWritable(no_reader.in()));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("regular files and /dev/null are always ready", "[wait_readable][contract]")
{
    World world(each_reactor({memory_has_no_files}));
    for (const char* name : {"/dev/null", "/bin/sh"}) {
        const int number = ::open(name, O_RDONLY | O_CLOEXEC);
        REQUIRE(number >= 0);
        world.scheduler.spawn([number](Yield& yield) {
            yield(WaitReadable(Descriptor(number)));
            yield(WaitWritable(Descriptor(number)));
            yield(WaitReadable(Descriptor(number)) | within(0s));
        });
        CHECK(world.scheduler.run().failed == 0);
        ::close(number);
    }
}

TEST_CASE("a foreign descriptor that is not open is an error of who waits for it",
          "[wait_readable][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(error_of(yield, WaitReadable(Descriptor(19'000))).value() == EBADF);
        CHECK(error_of(yield, WaitWritable(Descriptor())).value() == EBADF);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a foreign descriptor may be closed, and its number used again, when nobody waits",
          "[wait_readable][contract]")
{
    World world(each_reactor({memory_has_no_files}));
    world.scheduler.spawn([&](Yield& yield) {
        for (int round = 0; round < 10; ++round) {
            int number = -1;
            {
                Pipe pipe;
                number = pipe.ends[0];
                CHECK_THROWS_AS(yield(WaitReadable(pipe.out()) | within(1s)), TimeoutError);
                pipe.put();
                yield(WaitReadable(pipe.out()));
            }
            auto [here, there] = connection(yield);  // ours, of the same numbers
            CHECK(here.descriptor().number() <= number + 3);
            CHECK_THROWS_AS(yield(here.read_exactly(std::span(&number, 1)) | within(1s)),
                            TimeoutError);
            yield(there.write("spam"));
            CHECK(read_up_to(yield, here, 4) == "spam");
        }
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a coroutine waits until its own socket is readable, and then reads",
          "[wait_readable][contract]")
{
    World world(each_reactor({{"faulty", "its transfers may be short"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader = yield(Spawn([&here = here](Yield& y) {
            std::string all;
            for (int i = 0; i < 3; ++i) {
                y(WaitReadable(here.descriptor()));
                std::array<char, 16> buffer;
                all.append(buffer.data(), y(here.read(buffer)));
            }
            return all;
        }));
        const auto writer = yield(Spawn([&here = here](Yield& y) {
            y(here.write(std::string(10'000'000, 'x')));  // waits on the same descriptor
        }));
        for (const char* word : {"spam ", "ham ", "eggs"}) {
            yield(Sleep(1s));
            yield(there.write({word, std::char_traits<char>::length(word)}));
        }
        CHECK(yield(Join(reader)) == "spam ham eggs");
        CHECK(read_up_to(yield, there, 10'000'000).size() == 10'000'000);
        yield(Join(writer));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("whoever waits for a foreign descriptor is cancelled like anybody else",
          "[wait_readable][contract]")
{
    World world(each_reactor({memory_has_no_files}));
    Pipe pipe;
    world.scheduler.spawn([&](Yield& yield) {
        const auto waiter = yield(Spawn([&](Yield& y) { y(WaitReadable(pipe.out())); }));
        yield(Sleep(1s));
        world.scheduler.cancel(waiter);
        yield(Sleep(1s));
        CHECK(waiter.finished());
        pipe.put();
        yield(WaitReadable(pipe.out()));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("all who wait for a descriptor end when it is released or closed",
          "[wait_readable][contract][close]")
{
    World world(each_reactor());
    const bool released = GENERATE(true, false);
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, released, &here = here](Yield& yield) {
        const Descriptor descriptor = here.descriptor();
        const std::string much(1'000'000, 'x');
        while (world.kernel->send(descriptor, much) > 0) {}
        const auto reader = yield(Spawn([&](Yield& y) {  //
            return error_of(y, WaitReadable(descriptor));
        }));
        const auto writer = yield(Spawn([&](Yield& y) {  //
            return error_of(y, WaitWritable(descriptor));
        }));
        yield(Sleep(1s));
        CHECK_FALSE((reader.finished() || writer.finished()));
        if (released)
            here.release();
        else
            yield(here.close());
        CHECK(yield(Join(reader)) == errc::closed);
        CHECK(yield(Join(writer)) == errc::closed);
        CHECK(world.scheduler.reactor().empty());
        if (released)
            world.kernel->close(descriptor);
    });
    CHECK(world.scheduler.run().failed == 0);
}

namespace {

/// Says once that a descriptor is not ready, when it has just been reported ready: somebody else
/// has been faster.
class OtherIsFaster final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    int poll(std::span<pollfd> descriptors, Duration timeout) override
    {
        const int count = KernelDecorator::poll(descriptors, timeout);
        const bool asked_by_operation = descriptors.size() == 1 && descriptors[0].events != 0;
        if (count == 0 || !asked_by_operation || std::exchange(taken, true))
            return count;
        descriptors[0].revents = 0;
        return 0;
    }

    bool taken = false;
};

}

TEST_CASE("who finds a foreign descriptor not ready after all waits on",
          "[contract][wait_readable]")
{
    const std::string name =
        each_reactor({{"memory", "it has no foreign descriptors"},
                      {"faulty-io_uring", "it may have found out before, by a false report"}});
    const auto network = kernel_for(name);
    OtherIsFaster kernel(*network);
    Scheduler scheduler(reactor_named(name, kernel));
    Pipe pipe;
    scheduler.spawn([&](Yield& yield) {
        const auto waiter =
            yield(Spawn([&](Yield& y) { y(WaitReadable(pipe.out()) | within(1h)); }));
        yield(Sleep(1s));
        pipe.put();
        yield(Join(waiter));
        CHECK(kernel.taken);
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("nothing is heard of a foreign descriptor that nobody waits for any more",
          "[contract][wait_readable]")
{
    World world(each_reactor({{"memory", "it has no foreign descriptors"},
                              {"faulty-io_uring", "what it hears it may be told later"}}));
    Pipe pipe;
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(WaitReadable(pipe.out()) | within(1s)), TimeoutError);
        pipe.put();
        CHECK_FALSE(world.scheduler.reactor().wait(Duration::zero()));
    });
    CHECK(world.scheduler.run().failed == 0);
}
