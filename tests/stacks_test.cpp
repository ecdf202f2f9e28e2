#include "tests/support/skip.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstring>

#include <sys/wait.h>
#include <unistd.h>

using namespace cogen;

namespace {

/// How a child process that runs `body` ends: its wait status.
template <class Body>
int status_of_child(Body body)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(2);
        std::signal(SIGSEGV, SIG_DFL);
        std::signal(SIGBUS, SIG_DFL);
        body();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

}

TEST_CASE("a stack can be used to its last byte, and the next kills the process", "[stacks]")
{
    Stacks stacks(64 * 1024);
    for (int i = 0; i < 40; ++i) {  // more than the first slab has
        const Stack stack = stacks.take();
        CHECK(stack.size >= 64 * 1024);
        std::byte* const bottom = stack.top - stack.size;
        std::memset(bottom, 1, stack.size);
        const int status =
            status_of_child([&] { *static_cast<volatile std::byte*>(bottom - 1) = {}; });
        CHECK((WIFSIGNALED(status) || WEXITSTATUS(status) != 0));
    }
}

TEST_CASE("100,000 coroutines are alive at once, each on a guarded stack", "[stacks][many]")
{
    if (!Stacks::guards_are_unlimited()) {
        skip("this kernel lacks MADV_GUARD_INSTALL, so there can be some 32,700 guarded stacks");
        return;
    }
    constexpr int count = 100'000;
    World world("epoll");
    int alive = 0;
    int most = 0;
    for (int i = 0; i < count; ++i)
        world.scheduler.spawn([&](Yield& yield) {
            most = std::max(most, ++alive);
            yield(Sleep(1s));
            --alive;
        });
    CHECK(world.scheduler.run().finished == count);
    CHECK(most == count);
    CHECK(alive == 0);
}

TEST_CASE("a stack is used again before a new one is cut", "[stacks]")
{
    World world(each_reactor());
    const Coroutine* first = nullptr;  // which lies on top of its stack
    int others = 0;
    world.scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 100; ++i)
            yield(Call([&](Yield&) {
                if (!first)
                    first = world.scheduler.current();
                others += world.scheduler.current() != first;
            }));
    });
    world.scheduler.run();
    CHECK(others == 0);
}

TEST_CASE("a coroutine gets as large a stack as it asks for", "[stacks]")
{
    World world(each_reactor());
    const auto use_much = [](Yield& yield) {
        std::array<volatile char, 900'000> much;
        for (std::size_t i = 0; i < much.size(); i += 4096)
            much[i] = static_cast<char>(i);
        yield(Pass());
        return much.size();
    };
    const auto spawned = world.scheduler.spawn(on_stack(1 << 20, use_much));
    std::size_t called = 0;
    world.scheduler.spawn([&](Yield& yield) {
        called = yield(Call(on_stack(1 << 20, use_much)));
        called += yield(Join(yield(Spawn(on_stack(1 << 20, use_much)))));
    });
    world.scheduler.run();
    CHECK(spawned.record().value() == 900'000);
    CHECK(called == 1'800'000);
}

TEST_CASE("where there is no stack to be had, the spawn fails, and the others go on", "[stacks]")
{
    World world(each_reactor());
    const auto nothing = [](Yield&) {};
    const std::size_t too_much = std::size_t{1} << 50;
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(Spawn(on_stack(too_much, nothing))), system_error);
        CHECK_THROWS_AS(yield(Call(on_stack(too_much, nothing))), system_error);
        yield(Call(nothing));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK_THROWS_AS(world.scheduler.spawn(on_stack(too_much, nothing)), system_error);
    CHECK(world.scheduler.run().finished == 0);
}
