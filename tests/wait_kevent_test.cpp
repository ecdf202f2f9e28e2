#include "tests/kqueue_model/constants.h"
#include "tests/kqueue_model/flavours.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/virtual_clock.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <sys/wait.h>
#include <unistd.h>

using namespace cogen;

namespace {

/// A scheduler with the KQueue reactor of one of the systems, whose clock is virtual.
struct KqueueWorld {
    explicit KqueueWorld(kqueue_model::Flavour f)
        : flavour(std::move(f)), scheduler(flavour.make(ReactorOptions(), clock))
    {}

    kqueue_model::Flavour flavour;
    VirtualClock clock{system_kernel()};
    Scheduler scheduler;
};

/// A file, and what it takes to change it.
struct Written {
    Written() { REQUIRE(file); }
    ~Written() { std::fclose(file); }

    std::uintptr_t ident() const { return static_cast<std::uintptr_t>(::fileno(file)); }
    void write() const { REQUIRE(::write(::fileno(file), "x", 1) == 1); }

    std::FILE* file = std::tmpfile();
};

}

TEST_CASE("a file that changes ends the wait for that, each time", "[wait_kevent]")
{
    KqueueWorld world(GENERATE(from_range(kqueue_model::flavours())));
    const Written written;
    const auto changed = [&] {
        return WaitKevent(written.ident(), world.flavour.vnode, NOTE_WRITE | NOTE_DELETE);
    };
    world.scheduler.spawn([&](Yield& yield) {
        for (int round = 0; round < 3; ++round) {
            const auto waiter = yield(Spawn([&](Yield& y) { return y(changed()).fflags; }));
            yield(Sleep(1s));
            CHECK_FALSE(waiter.finished());
            written.write();
            CHECK(yield(Join(waiter)) == NOTE_WRITE);
        }
        CHECK(world.scheduler.reactor().empty());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("run() goes on until a process that is waited for has ended, and its status is told",
          "[wait_kevent]")
{
    KqueueWorld world(GENERATE(from_range(kqueue_model::flavours())));
    int gate[2];
    REQUIRE(::pipe(gate) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(gate[1]);
        char byte;
        ::_exit(::read(gate[0], &byte, 1) == 0 ? 7 : 1);
    }
    const auto ident = static_cast<std::uintptr_t>(child);
    KeventReport report;
    world.scheduler.spawn(
        [&](Yield& yield) { report = yield(WaitKevent(ident, world.flavour.process, NOTE_EXIT)); });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        ::close(gate[1]);
    });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(report.fflags == NOTE_EXIT);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(report.data == status);
    CHECK(WEXITSTATUS(status) == 7);

    error_code gone;
    world.scheduler.spawn([&](Yield& yield) {
        gone = error_of(yield, WaitKevent(ident, world.flavour.process, NOTE_EXIT));
    });
    world.scheduler.run();
    CHECK(gone.value() == ESRCH);
    ::close(gate[0]);
}

TEST_CASE("a signal that is waited for ends the wait, though it is ignored", "[wait_kevent]")
{
#ifdef BOOST_USE_ASAN
    return skip("the played kqueue blocks the signal, and AddressSanitizer's coroutines, which "
                "are switched by ucontext, have each a mask of their own");
#endif
    KqueueWorld world(GENERATE(from_range(kqueue_model::flavours())));
    const auto before = std::signal(SIGUSR2, SIG_IGN);
    world.scheduler.spawn([&](Yield& yield) {
        const auto waiter = yield(
            Spawn([&](Yield& y) { return y(WaitKevent(SIGUSR2, world.flavour.signal, 0)).data; }));
        yield(Sleep(1s));
        CHECK_FALSE(waiter.finished());
        ::kill(::getpid(), SIGUSR2);
        CHECK(yield(Join(waiter)) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
    std::signal(SIGUSR2, before);
}

TEST_CASE("a wait for a kevent runs out of time, and is cancelled, like any other",
          "[wait_kevent][within][cancel]")
{
    KqueueWorld world(GENERATE(from_range(kqueue_model::flavours())));
    const Written written;
    const auto changed = [&] {
        return WaitKevent(written.ident(), world.flavour.vnode, NOTE_WRITE);
    };
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(changed() | within(1s)), TimeoutError);
        CHECK_THROWS_AS(yield(changed() | within(0s)), TimeoutError);  // it never came so far
        const auto waiter = yield(Spawn([&](Yield& y) { y(changed()); }));
        yield(Sleep(1s));
        CHECK(error_of(yield, changed()) == errc::simultaneous);
        world.scheduler.cancel(waiter);
        yield(Sleep(1s));
        CHECK(waiter.finished());
        written.write();
        CHECK_FALSE(world.scheduler.reactor().wait(Duration::zero()));  // it is not listed any more
        CHECK(world.scheduler.reactor().empty());
        const auto next = yield(Spawn([&](Yield& y) { return y(changed()).fflags; }));
        yield(Sleep(1s));
        written.write();
        CHECK(yield(Join(next)) == NOTE_WRITE);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a kevent that the system does not take is its error, and no one else's", "[wait_kevent]")
{
    KqueueWorld world(GENERATE(from_range(kqueue_model::flavours())));
    const int vnode = world.flavour.vnode;
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader =
            yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 4); }));
        CHECK(error_of(yield, WaitKevent(19'000, vnode, NOTE_WRITE)).value() == EBADF);
        CHECK(error_of(yield, WaitKevent(0, 1000, 0)).value() == EINVAL);
        yield(there.write("spam"));
        CHECK(yield(Join(reader)) == "spam");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("on other reactors a wait for a kevent fails, and says whom it needs", "[wait_kevent]")
{
    World world("poll");
    world.scheduler.spawn([&](Yield& yield) {
        WaitKevent wait(1, 2, 3);
        CHECK(wait.describe() == "WaitKevent(1, filter 2, fflags 3)");
        try {
            yield(wait);
            FAIL("it has waited");
        } catch (const system_error& error) {
            CHECK(error.code().value() == ENOTSUP);
            CHECK_THAT(error.what(), Catch::Contains("WaitKevent needs the kqueue reactor, and "
                                                     "this is poll"));
        }
        auto [error, report] = yield(WaitKevent(1, 2, 3) | within(1s) | as_tuple);
        CHECK(error.value() == ENOTSUP);
        CHECK(report.fflags == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}
