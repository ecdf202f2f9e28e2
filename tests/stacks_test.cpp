#include "tests/support/child.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <cstring>
#include <set>

#include <sys/mman.h>

using namespace cogen;

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

TEST_CASE("a stack has at least the size that was asked for, and goes with its owner", "[stacks]")
{
    std::byte* bottom = nullptr;
    {
        Stacks stacks(100'001);
        const Stack stack = stacks.take();
        CHECK(stack.size >= 100'001);
        CHECK(stack.size % 4096 == 0);
        bottom = stack.top - stack.size;
        CHECK(::msync(bottom, 4096, MS_ASYNC) == 0);  // it is there
    }
    CHECK(::msync(bottom, 4096, MS_ASYNC) == -1);
}

TEST_CASE("nobody can write to a stack that is discarded, and the others are as before", "[stacks]")
{
    const auto system_writes_to = [](std::byte* place) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        CHECK(::write(ends[1], "x", 1) == 1);
        const bool success = ::read(ends[0], place, 1) == 1;
        ::close(ends[0]);
        ::close(ends[1]);
        return success;
    };
    Stacks stacks(64 * 1024);
    const Stack first = stacks.take();
    const Stack second = stacks.take();
    for (const Stack& stack : {first, second})
        std::memset(stack.top - stack.size, 1, stack.size);
    stacks.discard(first);
    for (std::byte* place = first.top - first.size; place != first.top; place += 4096) {
        CHECK(*place == std::byte{0});
        CHECK_FALSE(system_writes_to(place));
    }
    CHECK(*(second.top - second.size) == std::byte{1});
    CHECK(system_writes_to(second.top - second.size));
}

TEST_CASE(
    "more coroutines are alive at once than guards by mprotect allow, each on a guarded stack",
    "[stacks][many]")
{
    if (!Stacks::guards_are_unlimited()) {
        skip("this kernel lacks MADV_GUARD_INSTALL, so there can be some 32,700 guarded stacks");
        return;
    }
#ifdef BOOST_USE_ASAN  // which takes its time
    constexpr int count = 40'000;
#else
    constexpr int count = 100'000;
#endif
    World world("poll");
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

TEST_CASE("stacks of nearly the same size are used for each other", "[stacks]")
{
    World world(each_reactor());
    std::set<const Coroutine*> used;
    const auto note = [&](Yield&) { used.insert(world.scheduler.current()); };
    world.scheduler.spawn([&](Yield& yield) {
        for (std::size_t size = 100'000; size < 110'000; size += 1000)
            yield(Call(on_stack(size, note)));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(used.size() == 1);
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
    const std::size_t too_much = GENERATE(std::size_t{1} << 50, SIZE_MAX);
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(Spawn(on_stack(too_much, nothing))), system_error);
        CHECK_THROWS_AS(yield(Call(on_stack(too_much, nothing))), system_error);
        yield(Call(nothing));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK_THROWS_AS(world.scheduler.spawn(on_stack(too_much, nothing)), system_error);
    CHECK(world.scheduler.run().finished == 0);
}
