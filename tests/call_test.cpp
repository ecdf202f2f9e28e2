#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

namespace {

std::string bar(Yield& yield, std::string what)
{
    yield(Sleep(10ms));
    return "spam, " + what + " and eggs";
}

int depth(Yield& yield, int left) { return left == 0 ? 0 : 1 + yield(Call(depth, left - 1)); }

void level_three(Yield& yield)
{
    yield(Pass());
    throw std::runtime_error("from the third level");
}
void level_two(Yield& yield) { yield(Call(level_three)); }
void level_one(Yield& yield) { yield(Call(level_two)); }

}

TEST_CASE("a call answers with what the called returns", "[call]")
{
    World world(each_reactor());
    std::string got;
    world.scheduler.spawn([&](Yield& yield) { got = yield(Call(bar, "ham")); });
    world.scheduler.run();
    CHECK(got == "spam, ham and eggs");
}

TEST_CASE("a called function need not yield, nor return anything", "[call]")
{
    World world(each_reactor());
    bool called = false;
    world.scheduler.spawn([&](Yield& yield) { yield(Call([&](Yield&) { called = true; })); });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(called);
}

TEST_CASE("a call and its return go past the queue", "[call]")
{
    World world(each_reactor());
    std::string order;
    world.scheduler.spawn([&](Yield& yield) {
        order += "m0 ";
        yield(Call([&](Yield&) { order += "c "; }));
        order += "m1 ";
    });
    world.scheduler.spawn([&](Yield&) { order += "o "; });
    world.scheduler.run();
    CHECK(order == "m0 c m1 o ");
}

TEST_CASE("an exception of the called comes out of the caller's yield, through three levels",
          "[call]")
{
    World world(each_reactor());
    std::string caught;
    world.scheduler.spawn([&](Yield& yield) {
        try {
            yield(Call(level_one));
        } catch (const std::runtime_error& error) {
            caught = error.what();
        }
    });
    CHECK(world.scheduler.run().failed == 3);  // each of the three ended with it
    CHECK(caught == "from the third level");
}

TEST_CASE("calls nest 20,000 deep", "[call]")
{
    World world("poll");
    int reached = 0;
    world.scheduler.spawn([&](Yield& yield) { reached = yield(Call(depth, 20'000)); });
    world.scheduler.run();
    CHECK(reached == 20'000);
}

TEST_CASE("a loop of calls lets the others run", "[call]")
{
    World world(each_reactor());
    bool others_ran = false;
    int calls = 0;
    world.scheduler.spawn([&](Yield& yield) {
        while (!others_ran && calls < 10'000) {
            yield(Call([](Yield&) {}));
            ++calls;
        }
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(0s));
        others_ran = true;
    });
    world.scheduler.run();
    CHECK(others_ran);
    CHECK(calls < 200);
}

TEST_CASE("who is cancelled in a call has the called cancelled first", "[call][cancel]")
{
    World world(each_reactor());
    std::string order;
    const auto caller = world.scheduler.spawn([&](Yield& yield) {
        try {
            yield(Call([&](Yield& y) {
                try {
                    y(Sleep(1h));
                } catch (const Cancelled&) {
                    order += "called ";
                    throw;
                }
            }));
        } catch (const Cancelled&) {
            order += "caller ";
            throw;
        }
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(caller);
    });
    world.scheduler.run();
    CHECK(order == "called caller ");
}

TEST_CASE("a call or a spawn can be yielded once", "[call][spawn]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        int runs = 0;
        Call call([&](Yield&) { ++runs; });
        yield(call);
        CHECK_THROWS_AS(yield(call), std::logic_error);
        Spawn spawn([&](Yield&) { ++runs; });
        yield(spawn);
        CHECK_THROWS_AS(yield(spawn), std::logic_error);
        yield(Pass());
        CHECK(runs == 2);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a chain of 20,000 calls is cancelled from its head, on a small stack", "[call][cancel]")
{
    World world("poll");
    int cleaned_up = 0;
    struct Chain {
        int& cleaned_up;
        void operator()(Yield& yield, int left) const
        {
            struct Cleaner {
                int& count;
                ~Cleaner() { ++count; }
            } cleaner{cleaned_up};
            if (left > 0)
                yield(Call(*this, left - 1));
            else
                yield(Sleep(1h));
        }
    };
    const auto head = world.scheduler.spawn(Chain{cleaned_up}, 20'000);
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(head);
    });
    world.scheduler.run();
    CHECK(cleaned_up == 20'001);
    CHECK(head.cancelled());
}

TEST_CASE("a call whose called one is cancelled by another is an error, and cancels not the caller",
          "[call][cancel]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const auto cancel_itself = [&](Yield& y) {
            world.scheduler.cancel(world.scheduler.current()->record());
            y(Pass());
        };
        try {
            yield(Call(cancel_itself));
            FAIL("it came to its end");
        } catch (const system_error& error) {
            CHECK(error.code() == errc::cancelled);
        }
        yield(Sleep(1s));
    });
    CHECK(world.scheduler.run().failed == 0);
}
