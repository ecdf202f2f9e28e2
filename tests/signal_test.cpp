#include "cogen/operations/wait_for_signal.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

namespace {

using Words = std::vector<std::string>;

/// Waits for "bar" again and again, and writes down what it gets, behind its name.
void hear(Yield& yield, std::string name, Words* words)
{
    for (;;)
        words->push_back(name + ' ' + yield(WaitForSignal<std::string>("bar")));
}

}

TEST_CASE("a signal wakes all who wait for it, in their order, and answers with their number",
          "[signal]")
{
    World world(each_reactor());
    Words words;
    std::size_t woken = 0, nobody = 7;
    for (const std::string name : {"a", "b", "c"})
        world.scheduler.spawn(hear, name, &words);
    world.scheduler.spawn([&](Yield& yield) {
        woken = yield(Signal("bar", "spam"));
        CHECK(words == Words{"a spam", "b spam", "c spam"});  // they have had their turns
        CHECK(yield(Signal("bar", std::string("eggs"))) == 3);
        nobody = yield(Signal("foo", 1));
    });
    CHECK(world.scheduler.run().stuck.size() == 3);
    CHECK(woken == 3);
    CHECK(nobody == 0);
    CHECK(words.size() == 6);
}

TEST_CASE("a signal that was given before is none", "[signal]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(yield(Signal("bar")) == 0);
        CHECK_THROWS_AS(yield(WaitForSignal("bar") | within(1s)), TimeoutError);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a typed topic is the name it has, and carries values of its type", "[signal]")
{
    World world(each_reactor());
    const Topic<int> temperature{"temperature"};
    const Topic<> alarm{"alarm"};
    int measured = 0, by_name = 0;
    bool alarmed = false;
    world.scheduler.spawn([&](Yield& yield) { measured = yield(WaitForSignal(temperature)); });
    world.scheduler.spawn(
        [&](Yield& yield) { by_name = yield(WaitForSignal<int>("temperature")); });
    world.scheduler.spawn([&](Yield& yield) {
        yield(WaitForSignal(alarm));
        alarmed = true;
    });
    world.scheduler.spawn([&](Yield& yield) {
        CHECK(yield(Signal(temperature, 21)) == 2);
        CHECK(yield(Signal(alarm)) == 1);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
    CHECK(measured == 21);
    CHECK(by_name == 21);
    CHECK(alarmed);
}

TEST_CASE("a value of another type than the others' is an error that names both", "[signal]")
{
    World world(each_reactor());
    world.scheduler.spawn(
        [&](Yield& yield) { CHECK(yield(WaitForSignal<int>("bar") | within(1s)) == 7); });
    world.scheduler.spawn([&](Yield& yield) {
        using Catch::Matchers::Contains;
        CHECK_THROWS_WITH(yield(Signal("bar", 1.5)),
                          Contains("Signal(\"bar\")") && Contains("double") && Contains("int"));
        CHECK_THROWS_WITH(yield(WaitForSignal("bar")), Contains("void") && Contains("int"));
        CHECK_THROWS_AS(yield(Signal("bar").recipients(2)), std::logic_error);
        CHECK(yield(Signal("bar", 7)) == 1);
        CHECK(yield(Signal("bar", 1.5)) == 0);  // nobody is left who would mind
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a signal waits for as many recipients as it wants", "[signal][recipients]")
{
    World world(each_reactor());
    Words words;
    world.scheduler.spawn([&](Yield& yield) {
        const TimePoint start = world.scheduler.now();
        CHECK(yield(Signal("bar", "spam").recipients(2)) == 2);
        CHECK(world.scheduler.now() - start == 2s);
        CHECK(words == Words{"a spam", "b spam"});
    });
    for (const auto& [name, delay] : {std::pair("a", 1s), std::pair("b", 2s)})
        world.scheduler.spawn([&, name = std::string(name), delay = delay](Yield& yield) {
            yield(Sleep(delay));
            hear(yield, name, &words);
        });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("several who wait for recipients are served in their order, none lost",
          "[signal][recipients]")
{
    World world(each_reactor());
    Words words;
    for (const char* word : {"first", "second", "third"})
        world.scheduler.spawn([&, word](Yield& yield) {
            CHECK(yield(Signal("bar", word).recipients(1)) == 1);
            words.push_back(std::string(word) + " done");
        });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        for (int i = 0; i < 3; ++i)
            words.push_back(yield(WaitForSignal<std::string>("bar")));
    });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(words == Words{"first", "first done", "second", "second done", "third", "third done"});
}

TEST_CASE("who wants fewer recipients does not overtake who wants more and came first",
          "[signal][recipients]")
{
    World world(each_reactor());
    Words words;
    world.scheduler.spawn([&](Yield& yield) {
        yield(Signal("bar", "large").recipients(3));
        words.push_back("large done");
    });
    Handle<> small;
    small = world.scheduler.spawn([&](Yield& yield) {
        yield(Signal("bar", "small").recipients(1));
        words.push_back("small done");
    });
    for (int i = 0; i < 4; ++i)
        world.scheduler.spawn(
            [&](Yield& yield) { words.push_back(yield(WaitForSignal<std::string>("bar"))); });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(words == Words{"large", "large", "large", "large done", "small", "small done"});
}

TEST_CASE("who waits no longer for recipients lets the next have them", "[signal][recipients]")
{
    World world(each_reactor());
    Words words;
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(Signal("bar", "large").recipients(3) | within(1s)), TimeoutError);
    });
    world.scheduler.spawn(
        [&](Yield& yield) { CHECK(yield(Signal("bar", "small").recipients(1)) == 1); });
    world.scheduler.spawn(
        [&](Yield& yield) { words.push_back(yield(WaitForSignal<std::string>("bar"))); });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(words == Words{"small"});
}

TEST_CASE("a signal that was given first is delivered, although the waiter is then cancelled",
          "[signal][cancel]")
{
    World world(each_reactor());
    int got = 0;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        got = yield(WaitForSignal<int>("bar"));
        yield(Pass());
        got = 0;
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Signal("bar", 7) | priority::coro);
        world.scheduler.cancel(handle);
    });
    world.scheduler.run();
    CHECK(got == 7);
    CHECK(handle.cancelled());
}

TEST_CASE("who is cancelled while it waits for a signal is not counted", "[signal][cancel]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([&](Yield& yield) { yield(WaitForSignal("bar")); });
    world.scheduler.spawn([&](Yield& yield) {
        world.scheduler.cancel(handle);
        CHECK(yield(Signal("bar")) == 0);
    });
    world.scheduler.run();
    CHECK(handle.cancelled());
}

TEST_CASE("a signal can be given without a coroutine", "[signal]")
{
    World world(each_reactor());
    int got = 0;
    world.scheduler.spawn([&](Yield& yield) { got = yield(WaitForSignal<int>("bar")); });
    world.scheduler.spawn([&](Yield&) { CHECK(Signal("bar", 7).send(world.scheduler) == 1); });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(got == 7);
}

TEST_CASE("to wait for signals keeps nobody from returning, and is told", "[signal]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) { yield(WaitForSignal<int>("bar")); });
    world.scheduler.spawn([](Yield& yield) { yield(Signal("foo").recipients(2)); });
    const Report report = world.scheduler.run();
    REQUIRE(report.stuck.size() == 2);
    CHECK(report.stuck[0].operation == "WaitForSignal(\"bar\")");
    CHECK(report.stuck[1].operation == "Signal(\"foo\", 2 recipients)");
}

TEST_CASE("signals, in ever new topics too, allocate nothing once warm", "[signal][allocation]")
{
    World world("poll");
    const auto rounds = [](Yield& yield, int count) {
        for (int i = 0; i < count; ++i) {
            std::string name(12, 'a');
            name += static_cast<char>('a' + i % 26);
            name += static_cast<char>('a' + i / 26 % 26);
            const auto waiter = yield(Spawn([&name](Yield& y) { y(WaitForSignal<int>(name)); }));
            yield(Signal(name, 1));
        }
    };
    world.scheduler.spawn([&](Yield& yield) {
        rounds(yield, 10);
        const std::size_t before = allocations();
        rounds(yield, 200);
        const std::size_t after = allocations();
        CHECK(after == before);
    });
    CHECK(world.scheduler.run().failed == 0);
}

namespace {

int copies_left;

/// A value that can be copied so many times.
struct Fragile {
    Fragile() = default;
    Fragile(Fragile&&) = default;
    Fragile(const Fragile&)
    {
        if (--copies_left < 0)
            throw std::runtime_error("broken");
    }
};

void wait_for_fragile(Yield& yield, int* got)
{
    yield(WaitForSignal<Fragile>("bar"));
    ++*got;
}

}

TEST_CASE("a value that cannot be copied fails its signaller, and those who got it have it",
          "[signal]")
{
    World world(each_reactor());
    int got = 0;
    copies_left = 2;
    for (int i = 0; i < 3; ++i)
        world.scheduler.spawn(wait_for_fragile, &got);
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_WITH(yield(Signal("bar", Fragile())), "broken");
        yield(Pass());
        CHECK(got == 2);
        copies_left = 1;
        CHECK(yield(Signal("bar", Fragile())) == 1);
    });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(got == 3);
}

TEST_CASE("a value that cannot be copied fails a signaller that has waited, and nobody else",
          "[signal][recipients]")
{
    World world(each_reactor());
    int got = 0;
    copies_left = 0;
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(Signal("bar", Fragile()).recipients(3) | within(1s)), TimeoutError);
    });
    world.scheduler.spawn([&](Yield& yield) {  // has its recipient when the one above has gone
        CHECK_THROWS_WITH(yield(Signal("bar", Fragile()).recipients(1)), "broken");
        copies_left = 1;
        CHECK(yield(Signal("bar", Fragile()).recipients(1)) == 1);
    });
    world.scheduler.spawn(wait_for_fragile, &got);
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
    CHECK(got == 1);
}

TEST_CASE("a signal that would have its recipients waits behind one that came first",
          "[signal][recipients]")
{
    World world(each_reactor());
    Words words;
    const auto wait = [&](Yield& yield) {
        words.push_back(yield(WaitForSignal<std::string>("bar")));
    };
    world.scheduler.spawn(wait);
    world.scheduler.spawn([](Yield& yield) { yield(Signal("bar", "large").recipients(3)); });
    world.scheduler.spawn([](Yield& yield) { yield(Signal("bar", "small").recipients(1)); });
    for (int i = 0; i < 3; ++i)
        world.scheduler.spawn(wait);
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(words == Words{"large", "large", "large", "small"});
}
