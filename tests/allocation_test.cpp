#include "tests/support/allocations.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

namespace {

/// What a warm program allocates in a thousand rounds of `round`.
template <class Round>
std::size_t allocated_by(Yield& yield, Round round)
{
    for (int i = 0; i < 10; ++i)
        round(yield);
    const std::size_t before = allocations();
    for (int i = 0; i < 1000; ++i)
        round(yield);
    return allocations() - before;
}

}

TEST_CASE("the count of allocations counts", "[allocation]")
{
    const std::size_t before = allocations();
    ::operator delete(::operator new(1));
    CHECK(allocations() == before + 1);
}

TEST_CASE("a warm program allocates nothing for its operations, calls and spawns", "[allocation]")
{
    World world(each_system_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(allocated_by(yield, [](Yield& y) { y(Pass()); }) == 0);
        CHECK(allocated_by(yield, [](Yield& y) { y(Sleep(1ms)); }) == 0);
        CHECK(allocated_by(yield, [](Yield& y) { y(Call([](Yield&, int i) { return i; }, 1)); })
              == 0);
        CHECK(allocated_by(yield, [](Yield& y) { y(Spawn([](Yield&) {})); }) == 0);
        CHECK(allocated_by(yield,
                           [](Yield& y) {
                               const auto handle = y(Spawn(
                                   [](Yield& inner, long i) {
                                       inner(Pass());
                                       return i;
                                   },
                                   1L));
                               y(Join(handle));
                           })
              == 0);

        auto [here, there] = connection(yield);
        yield(Spawn(echo, std::move(there)));
        CHECK(allocated_by(yield,
                           [&here = here](Yield& y) {
                               std::array<char, 64> buffer;
                               y(here.write("ping"));
                               y(here.read(buffer));
                           })
              == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}
