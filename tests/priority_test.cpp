#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

// The table of doc/explanation/decisions/0004: with waiters w1 w2 w3, a ready coroutine o, a
// signaller s and a spawned n, the steps that follow s0, or m0.

namespace {

struct Row {
    const char* name;
    Priority priority;
    const char* signal;
    const char* blocked;  // a signaller that has waited for its recipients
    const char* spawn;
};

const Row rows[] = {
    {"last", priority::last, " o w1 w2 w3 s1", " o w1 w2 w3 s1", " o n m1"},
    {"coro", priority::coro, " s1 o w1 w2 w3", " s1 o w1 w2 w3", " m1 o n"},
    {"op", priority::op, " w1 w2 w3 o s1", " w1 w2 w3 o s1", " n o m1"},
    {"first", priority::first, " s1 w1 w2 w3 o", " s1 w1 w2 w3 o", " m1 n o"},
};

void wait_in_turn(Yield& yield, std::string name, std::string* trace)
{
    yield(WaitForSignal("go"));
    *trace += ' ' + name;
}

}

TEST_CASE("who goes first after a signal is as the table says", "[priority][signal]")
{
    World world(each_reactor());
    for (const Row& row : rows) {
        INFO(row.name);
        std::string trace;
        for (const char* name : {"w1", "w2", "w3"})
            world.scheduler.spawn(wait_in_turn, name, &trace);
        world.scheduler.spawn([&](Yield& yield) {
            yield(Pass());  // to be the last in the queue, but for o
            yield(Spawn([&](Yield&) { trace += " o"; }) | priority::coro);
            CHECK(yield(Signal("go") | row.priority) == 3);
            trace += " s1";
        });
        CHECK(world.scheduler.run().stuck.empty());
        CHECK(trace == row.signal);
    }
}

TEST_CASE("who goes first when the recipients are enough is as the table says",
          "[priority][signal][recipients]")
{
    World world(each_reactor());
    for (const Row& row : rows) {
        INFO(row.name);
        std::string trace;
        world.scheduler.spawn([&](Yield& yield) {
            CHECK(yield(Signal("go").recipients(3) | row.priority) == 3);
            trace += " s1";
        });
        for (const char* name : {"w1", "w2"})
            world.scheduler.spawn(wait_in_turn, name, &trace);
        world.scheduler.spawn([&](Yield& yield) {
            yield(Pass());
            yield(Spawn([&](Yield&) { trace += " o"; }) | priority::coro);
            wait_in_turn(yield, "w3", &trace);
        });
        CHECK(world.scheduler.run().stuck.empty());
        CHECK(trace == row.blocked);
    }
}

TEST_CASE("who goes first after a spawn is as the table says", "[priority][spawn]")
{
    World world(each_reactor());
    for (const Row& row : rows) {
        INFO(row.name);
        std::string trace;
        world.scheduler.spawn([&](Yield& yield) {
            yield(Spawn([&](Yield&) { trace += " o"; }) | priority::coro);
            const auto handle = yield(Spawn([&](Yield&) { trace += " n"; }) | row.priority);
            trace += " m1";
            CHECK(handle.id() != 0);
        });
        CHECK(world.scheduler.run().stuck.empty());
        CHECK(trace == row.spawn);
    }
}

TEST_CASE("a named operation keeps its priority, and a copied one too", "[priority]")
{
    World world(each_reactor());
    std::string trace;
    world.scheduler.spawn([&](Yield& yield) {
        yield(Spawn([&](Yield&) { trace += " o"; }) | priority::coro);
        Spawn spawn([&](Yield&) { trace += " n"; });
        yield(spawn | priority::op | as_tuple);
        trace += " m1";
    });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(trace == " n o m1");
}
