#include "tests/support/skip.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

using namespace cogen;

namespace {

bool variables_lie_elsewhere()
{
#ifdef BOOST_USE_ASAN
    skip("AddressSanitizer lets variables lie elsewhere than on the stack");
    return true;
#else
    return false;
#endif
}

constexpr std::size_t some_kib = 8 * 1024;  // for all that is not the variable that is looked at

template <std::size_t Size>
[[gnu::noinline]] void use()
{
    std::array<volatile char, Size> much;
    for (volatile char& byte : much)
        byte = 1;
}

template <std::size_t Size>
void use_and_wait(Yield& yield)
{
    use<Size>();
    yield(Sleep(1s));
}

std::size_t deepest(const StackUses& uses)
{
    std::size_t most = 0;
    for (const StackUse& use : uses)
        most = std::max(most, use.deepest);
    return most;
}

}

TEST_CASE("a coroutine's high water is what it has used at most", "[stacks]")
{
    if (variables_lie_elsewhere())
        return;
    World world(each_reactor());
    measure_stacks(world.scheduler);
    const auto little = world.scheduler.spawn(use_and_wait<1>);
    const auto much = world.scheduler.spawn(use_and_wait<40'000>);
    const auto more = world.scheduler.spawn(on_stack(1 << 20, use_and_wait<900'000>));
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(stack_high_water(little) < some_kib);
        CHECK(stack_high_water(much) >= 40'000);
        CHECK(stack_high_water(much) < 40'000 + some_kib);
        CHECK(stack_high_water(more) >= 900'000);
        CHECK(stack_high_water(more) < 900'000 + some_kib);
        yield(Join(more));
        CHECK(stack_high_water(more) == std::nullopt);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a stack that is used again does not tell how deep the one before has been", "[stacks]")
{
    if (variables_lie_elsewhere())
        return;
    World world(each_reactor());
    measure_stacks(world.scheduler);
    world.scheduler.spawn([&](Yield& yield) {
        const Coroutine* deep = nullptr;
        const Coroutine* shallow = nullptr;
        yield(Call([&](Yield&) {
            deep = world.scheduler.current();
            use<50'000>();
        }));
        const auto handle = yield(Spawn([&](Yield& inner) {
            shallow = world.scheduler.current();
            inner(Sleep(1s));
        }));
        yield(Pass());
        CHECK(shallow == deep);
        CHECK(stack_high_water(handle) < some_kib);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("stacks are summed up by the place of the spawn, the living with the dead", "[stacks]")
{
    if (variables_lie_elsewhere())
        return;
    World world(each_reactor());
    measure_stacks(world.scheduler);
    const unsigned line = __LINE__ + 2;
    for (int i = 0; i < 3; ++i)
        world.scheduler.spawn(i == 1 ? use_and_wait<30'000> : use_and_wait<1>);
    const auto check = [&](std::size_t places) {
        const StackUses uses = stack_uses(world.scheduler);
        CHECK(uses.size() == places);
        const auto use = std::find_if(uses.begin(), uses.end(), [&](const StackUse& one) {
            return one.spawned_at.line() == line;
        });
        REQUIRE(use != uses.end());
        CHECK(use->spawned_at.file() == std::string(__FILE__));
        CHECK(use->stack_size == 65536);
        CHECK(use->coroutines == 3);
        CHECK(use->deepest >= 30'000);
        CHECK(use->deepest < 30'000 + some_kib);
    };
    world.scheduler.spawn([&](Yield&) { check(2); });
    world.scheduler.run();
    check(2);
}

TEST_CASE("a summary names the deepest first, a line each", "[stacks]")
{
    StackUses uses;
    uses.add(Site::here("client.cpp", 12), 65536, 3000);
    uses.add(Site::here("server.cpp", 7), 65536, 9840);
    uses.add(Site::here("server.cpp", 7), 131072, 800);
    uses.add(Site::here("server.cpp", 7), 65536, 2000);
    std::ostringstream text;
    text << uses;
    CHECK(text.str()
          == "server.cpp:7: 2 coroutines, 9840 of 65536 bytes of stack at most\n"
             "client.cpp:12: 1 coroutine, 3000 of 65536 bytes of stack at most\n"
             "server.cpp:7: 1 coroutine, 800 of 131072 bytes of stack at most\n");
}

TEST_CASE("who began before stacks were measured has no high water", "[stacks]")
{
    World world(each_reactor());
    const auto early = world.scheduler.spawn(use_and_wait<20'000>);
    world.scheduler.spawn([&](Yield&) {
        CHECK(stack_uses(world.scheduler).size() == 0);
        measure_stacks(world.scheduler);
        measure_stacks(world.scheduler);
        CHECK(stack_high_water(early) == std::nullopt);
    });
    const auto late = world.scheduler.spawn(use_and_wait<1>);
    world.scheduler.spawn([&](Yield&) { CHECK(stack_high_water(late) != std::nullopt); });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(deepest(stack_uses(world.scheduler)) < 20'000);
}
