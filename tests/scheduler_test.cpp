#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

namespace {

/// An operation that fails to start.
class Bad final : public Operation {
public:
    Record* cancel(error_code) override { return nullptr; }
    void result() const { throw_if_failed(); }
    std::string describe() const override { return "Bad()"; }

private:
    Coroutine* start(Scheduler&) override { return complete_now(system_error_code(EINVAL)); }
};

/// One whose start throws.
class Throwing final : public Operation {
public:
    Record* cancel(error_code) override { return nullptr; }
    int result() const
    {
        throw_if_failed();
        return 1;
    }
    std::string describe() const override { return "Throwing()"; }

private:
    Coroutine* start(Scheduler&) override { throw std::domain_error("not today"); }
};

class Unlucky {};

}

// What is no operation cannot be yielded: the compiler refuses it.
static_assert(Yieldable<Pass&&>);
static_assert(!Yieldable<int>);
static_assert(!Yieldable<Unlucky>);
static_assert(!std::is_invocable_v<Yield&, int>);
static_assert(std::is_invocable_v<Yield&, Pass>);

TEST_CASE("run() of an empty scheduler returns at once", "[scheduler]")
{
    World world(each_reactor());
    const Report report = world.scheduler.run();
    CHECK(report.finished == 0);
    CHECK(world.scheduler.turn() == 0);
}

TEST_CASE("coroutines start in the order in which they were spawned", "[scheduler]")
{
    World world(each_reactor());
    std::string order;
    for (char name : {'a', 'b', 'c'})
        world.scheduler.spawn([&order, name](Yield&) { order += name; });
    world.scheduler.run();
    CHECK(order == "abc");
}

TEST_CASE("run() may be called again, and reports each time on what is new", "[scheduler]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) { yield(Sleep(1s)); });
    CHECK(world.scheduler.run().finished == 1);
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&there = there](Yield& yield) { yield(there.write("again")); });
    std::string got(5, ' ');
    world.scheduler.spawn([&, &here = here](Yield& yield) { yield(here.read(got)); });
    CHECK(world.scheduler.run().finished == 2);
    CHECK(got == "again");
    CHECK(world.scheduler.run().finished == 0);
}

TEST_CASE("stop() ends run() and cancels nobody", "[scheduler]")
{
    World world(each_reactor());
    bool finished = false;
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        finished = true;
    });
    world.scheduler.spawn([&](Yield&) { world.scheduler.stop(); });
    world.scheduler.run();
    CHECK_FALSE(finished);
    world.scheduler.run();
    CHECK(finished);
}

TEST_CASE("run() within run() is an error", "[scheduler]")
{
    World world(each_reactor());
    world.scheduler.spawn(
        [&](Yield&) { CHECK_THROWS_AS(world.scheduler.run(), std::logic_error); });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an operation that fails fails in the coroutine that yielded it", "[scheduler]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        try {
            yield(Bad());
            FAIL("it succeeded");
        } catch (const system_error& error) {
            CHECK(error.code().value() == EINVAL);
            CHECK(std::string(error.what()).find("Bad()") == 0);
        }
        const TimePoint start = world.scheduler.now();
        yield(Sleep(1s));  // what failed disturbs nothing that comes later
        yield(Sleep(1s));
        CHECK(world.scheduler.now() == start + 2s);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what an operation's start throws is thrown by its yield, and the loop goes on",
          "[scheduler]")
{
    World world(each_reactor());
    bool went_on = false;
    world.scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(Throwing()), std::domain_error);
        yield(Sleep(1s));
        CHECK_THROWS_AS(yield(Throwing()), std::domain_error);
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(2s));
        went_on = true;
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(went_on);
}

TEST_CASE("a scheduler that ends lets its coroutines clean up", "[scheduler]")
{
    std::string order;
    {
        World world(each_reactor());
        auto pair = std::make_shared<std::pair<Socket, Socket>>(socket_pair(world.scheduler));
        const auto waiter = [&order](Yield& yield, auto wait, std::string name) {
            struct Cleaner {
                std::string& order;
                std::string name;
                ~Cleaner() { order += name + ' '; }
            } cleaner{order, name};
            wait(yield);
        };
        world.scheduler.spawn(
            waiter, [](Yield& yield) { yield(Sleep(1h)); }, "sleeper");
        world.scheduler.spawn(
            waiter,
            [pair](Yield& yield) {
                char byte;
                yield(pair->first.read({&byte, 1}));
            },
            "reader");
        world.scheduler.spawn(
            waiter, [](Yield& yield) { yield(Call([](Yield& y) { y(Sleep(2h)); })); }, "caller");
        world.scheduler.spawn([&](Yield&) { world.scheduler.stop(); });
        world.scheduler.run();
        CHECK(order.empty());
    }
    CHECK(order.find("sleeper ") != std::string::npos);
    CHECK(order.find("reader ") != std::string::npos);
    CHECK(order.find("caller ") != std::string::npos);
}

TEST_CASE("a cancelled coroutine gets nothing but its cancellation", "[scheduler][cancel]")
{
    World world(each_reactor());
    int cancellations = 0;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 5; ++i)
            try {
                yield(Sleep(1h));
            } catch (const Cancelled&) {
                ++cancellations;
            }
    });
    world.scheduler.spawn([&](Yield&) { world.scheduler.cancel(handle); });
    const TimePoint start = world.scheduler.now();
    world.scheduler.run();
    CHECK(cancellations == 5);
    CHECK(world.scheduler.now() == start);
}

TEST_CASE("one cancelled before it began does not begin", "[scheduler][cancel]")
{
    World world(each_reactor());
    bool began = false;
    const auto handle = world.scheduler.spawn([&](Yield&) { began = true; });
    world.scheduler.cancel(handle);
    const Report report = world.scheduler.run();
    CHECK_FALSE(began);
    CHECK(handle.finished());
    CHECK(report.failed == 0);
}

TEST_CASE("the wake-ups of a program are told with their causes", "[scheduler][instrument]")
{
    struct Log final : Instrument {
        std::string text;
        void spawned(const Coroutine& c) noexcept override
        {
            text +=
                "spawn " + std::to_string(c.id()) + " by " + std::to_string(c.cause().by()) + '\n';
        }
        void woken(const Coroutine& c, const Operation& operation) noexcept override
        {
            static const char* const names[] = {"spawned", "coroutine", "reactor",
                                                "timer",   "scheduler", "outside"};
            text += "wake " + std::to_string(c.id()) + " from "
                    + operation.describe().substr(0, operation.describe().find('(')) + " by "
                    + names[static_cast<int>(c.cause().kind())];
            if (c.cause().by())
                text += ' ' + std::to_string(c.cause().by());
            text += '\n';
        }
        void ended(const Record& record) noexcept override
        {
            text += "end " + record.title() + '\n';
        }
    } log;
    World world(each_reactor());
    world.scheduler.attach(log);
    world.scheduler.spawn([&](Yield& yield) {
        const auto child = yield(Spawn([](Yield& y) { y(Sleep(1s)); }));
        yield(Join(child));
    });
    world.scheduler.run();
    CHECK(log.text
          == "spawn 1 by 0\n"
             "spawn 2 by 1\n"
             "wake 1 from Spawn by coroutine 1\n"
             "wake 2 from Sleep by timer\n"
             "end #2\n"
             "wake 1 from Join by coroutine 2\n"
             "end #1\n");
}

TEST_CASE("what is spawned while a scheduler ends does not begin, and the end comes at once",
          "[scheduler][cancel]")
{
    bool began = false;
    struct Respawns {
        Scheduler& scheduler;
        bool& began;
        ~Respawns()
        {
            scheduler.spawn([&began = began](Yield& yield) {
                began = true;
                yield(Sleep(2s));
            });
        }
    };
    {
        World world(each_reactor());
        world.scheduler.spawn([&](Yield& yield) {
            Respawns respawns{world.scheduler, began};
            yield(Sleep(1h));
        });
        world.scheduler.spawn([&](Yield&) { world.scheduler.stop(); });
        world.scheduler.run();
    }
    CHECK_FALSE(began);
}

TEST_CASE("to yield with another coroutine's Yield is an error that names it", "[scheduler]")
{
    World world(each_reactor());
    world.scheduler
        .spawn([&](Yield& outer) {
            outer(Call([&](Yield&) {
                try {
                    outer(Pass());
                    FAIL("it yielded");
                } catch (const std::logic_error& error) {
                    CHECK(std::string(error.what()).find("#1 outer") != std::string::npos);
                }
            }));
        })
        .named("outer");
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a running coroutine waits for no operation", "[scheduler]")
{
    World world(each_reactor());
    const Operation* seen = nullptr;
    world.scheduler.spawn([&](Yield& yield) {
        yield(Pass());
        seen = world.scheduler.current()->operation();
    });
    world.scheduler.run();
    CHECK(seen == nullptr);
}

TEST_CASE("memory of a spawn whose arguments cannot be moved is not lost", "[scheduler]")
{
    struct Unmovable {
        Unmovable() = default;
        Unmovable(const Unmovable& other) : moves(other.moves + 1)
        {
            if (moves > 1)
                throw std::runtime_error("too heavy");
        }
        int moves = 0;
    };
    World world(each_reactor());
    CHECK_THROWS_AS(world.scheduler.spawn([](Yield&, const Unmovable&) {}, Unmovable()),
                    std::runtime_error);
    CHECK(world.scheduler.run().finished == 0);  // LeakSanitizer looks at the rest
}
