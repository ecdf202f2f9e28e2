#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/kernel_decorator.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <map>

using namespace cogen;

namespace {

/// "Read" for Read(fd 7, 1 bytes).
std::string word(const Operation& operation)
{
    return operation.describe().substr(0, operation.describe().find('('));
}

/// Writes down all that it is told, a line for each.
struct Log final : Instrument {
    std::string text;

    void line(const std::string& what) { text += what + '\n'; }
    static std::string number(const Coroutine& c) { return ' ' + std::to_string(c.id()); }

    void spawned(const Coroutine& c) noexcept override
    {
        line("spawn" + number(c) + " by " + std::to_string(c.cause().by()));
    }
    void resumed(const Coroutine& c) noexcept override { line("resume" + number(c)); }
    void yielded(const Coroutine& c, const Operation& operation) noexcept override
    {
        line("yield" + number(c) + ' ' + word(operation));
    }
    void woken(const Coroutine& c, const Operation& operation) noexcept override
    {
        static const char* const kinds[] = {"spawned", "coroutine", "reactor",
                                            "timer",   "scheduler", "outside"};
        line("wake" + number(c) + ' ' + word(operation) + " by "
             + kinds[static_cast<int>(c.cause().kind())] + ' ' + std::to_string(c.cause().by()));
    }
    void ended(const Record& record) noexcept override { line("end " + record.title()); }
    void before_wait(Patience) noexcept override { line("wait"); }
    void after_wait() noexcept override { line("waited"); }
    void attempted(const IoOperation& operation, ssize_t answer) noexcept override
    {
        line("attempt " + word(operation) + ' ' + (answer == -EAGAIN ? "later" : "done"));
    }
};

}

TEST_CASE("each resumption, yield, attempt, wait and wake-up is told in its place", "[instrument]")
{
    Log log;
    World world(each_readiness_reactor());
    world.scheduler.attach(log);
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        char byte;
        yield(here.read({&byte, 1}));
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) { yield(there.write("x")); });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(log.text
          == "spawn 1 by 0\n"
             "spawn 2 by 0\n"
             "resume 1\n"
             "yield 1 Read\n"
             "attempt Read later\n"
             "resume 2\n"
             "yield 2 Write\n"
             "attempt Write done\n"
             "resume 2\n"  // it has not been away
             "end #2\n"
             "wait\n"
             "attempt Read done\n"
             "wake 1 Read by reactor 0\n"
             "waited\n"
             "resume 1\n"
             "end #1\n");
}

TEST_CASE("a caller is woken by the called, and who is cancelled between two runs by nobody inside",
          "[instrument]")
{
    Log log;
    World world(each_reactor());
    const auto done = world.scheduler.spawn([](Yield&) {});
    world.scheduler.run();
    world.scheduler.attach(log);
    const auto caller = world.scheduler.spawn([&](Yield& yield) {
        yield(Call([](Yield&) {}));
        yield(Join(done));
        world.scheduler.stop();
        yield(Sleep(1h));
    });
    world.scheduler.run();
    world.scheduler.cancel(caller);
    world.scheduler.spawn([](Yield&) {});
    CHECK(log.text
          == "spawn 2 by 0\n"
             "resume 2\n"
             "yield 2 Call\n"
             "spawn 3 by 2\n"
             "resume 3\n"
             "end #3\n"
             "wake 2 Call by coroutine 3\n"
             "resume 2\n"
             "yield 2 Join\n"
             "resume 2\n"
             "yield 2 Sleep\n"
             "wake 2 Sleep by outside 0\n"
             "spawn 4 by 0\n");
}

TEST_CASE("who runs was spawned, or woken once, or goes on at once with what it has yielded",
          "[instrument]")
{
    struct Ledger final : Instrument {
        std::map<CoroutineId, int> due;  // how often it was made ready since it ran
        CoroutineId last_to_yield = 0;
        int wrong = 0, at_once = 0;

        void spawned(const Coroutine& c) noexcept override { ++due[c.id()]; }
        void woken(const Coroutine& c, const Operation&) noexcept override { ++due[c.id()]; }
        void yielded(const Coroutine& c, const Operation&) noexcept override
        {
            last_to_yield = c.id();
        }
        void resumed(const Coroutine& c) noexcept override
        {
            const bool goes_on = c.state() == State::waiting && c.id() == last_to_yield;
            wrong += due[c.id()] != (goes_on ? 0 : 1);
            at_once += goes_on;
            due[c.id()] = 0;
        }
    } ledger;
    World world(each_reactor());
    world.scheduler.attach(ledger);
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&here = here](Yield& yield) {
        for (int i = 0; i < 50; ++i)
            yield(here.write("xy"));
    });
    world.scheduler.spawn([&there = there](Yield& yield) {
        char byte;
        for (int i = 0; i < 100; ++i)
            yield(there.read({&byte, 1}));
    });
    world.scheduler.spawn([](Yield& yield) {
        for (int i = 0; i < 50; ++i) {
            yield(Call([](Yield& y) { y(Pass()); }));
            yield(Join(yield(Spawn([](Yield& y) { y(Sleep(1ms)); }))));
        }
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(ledger.wrong == 0);
    CHECK((ledger.at_once > 0 || world.name == "late"));
}

TEST_CASE("who is stuck is woken by the scheduler, that ends it", "[instrument][cancel]")
{
    Log log;
    World world(each_reactor());
    Handle<> other;
    other = world.scheduler.spawn([&](Yield& yield) {
        yield(Join(world.scheduler.spawn([&](Yield& y) { y(Join(other)); })));
    });
    world.scheduler.attach(log);
    CHECK(world.scheduler.run().stuck.size() == 2);
    world.scheduler.detach(log);
    CHECK(log.text
          == "resume 1\n"
             "spawn 2 by 1\n"
             "yield 1 Join\n"
             "resume 2\n"
             "yield 2 Join\n"
             "wake 1 Join by scheduler 0\n"
             "wake 2 Join by scheduler 0\n"
             "resume 1\n"
             "end #1\n"
             "resume 2\n"
             "end #2\n");
}

TEST_CASE("who is cancelled after the reactor has thrown is woken from outside", "[instrument]")
{
    struct CannotWait final : KernelDecorator {
        using KernelDecorator::KernelDecorator;
        int poll(std::span<pollfd>, Duration) override { return -ENOMEM; }
    } kernel(system_kernel());
    Log log;
    Scheduler scheduler(make_reactor("poll", kernel));
    auto [here, there] = socket_pair(scheduler);
    const auto reader = scheduler.spawn([&here = here](Yield& yield) {
        char byte;
        yield(here.read({&byte, 1}));
    });
    CHECK_THROWS_AS(scheduler.run(), system_error);
    scheduler.attach(log);
    scheduler.cancel(reader);
    CHECK(log.text == "wake 1 Read by outside 0\n");
}

TEST_CASE("several instruments are told the same, each from when it comes until it goes",
          "[instrument]")
{
    Log first, second, third;
    World world("memory");
    auto [here, there] = socket_pair(world.scheduler);
    const auto write = [&, &there = there] {
        for (Log* log : {&first, &second, &third})
            log->text.clear();
        world.scheduler.spawn([&there](Yield& yield) { yield(there.write("x")); });
        world.scheduler.run();
    };
    world.scheduler.attach(first);
    write();
    CHECK(first.text.find("attempt Write done") != std::string::npos);
    CHECK(second.text.empty());

    world.scheduler.attach(second);
    world.scheduler.attach(third);
    world.scheduler.attach(second);  // is attached
    write();
    CHECK(first.text.find("attempt Write done") != std::string::npos);
    CHECK(first.text == second.text);
    CHECK(first.text == third.text);

    world.scheduler.detach(first);
    write();
    CHECK(first.text.empty());
    CHECK(second.text.find("attempt Write done") != std::string::npos);
    CHECK(second.text == third.text);

    world.scheduler.detach(second);
    world.scheduler.detach(first);  // is detached
    write();
    CHECK(second.text.empty());
    CHECK(third.text.find("attempt Write done") != std::string::npos);

    world.scheduler.detach(third);
    write();
    CHECK(third.text.empty());
}

TEST_CASE("a coroutine tells what it does, and since which turn", "[instrument]")
{
    World world(each_reactor());
    Scheduler& scheduler = world.scheduler;
    for (int i = 0; i < 3; ++i)
        scheduler.spawn([](Yield& yield) { yield(Pass()); });
    scheduler.run();  // from now on stacks are used again

    Handle<> sleeper;
    const auto is = [&](State state, std::uint64_t since) {
        const Coroutine& coroutine = *sleeper.record().coroutine();
        return coroutine.state() == state && coroutine.since() == since;
    };
    scheduler.spawn([&](Yield& yield) {
        sleeper = scheduler.spawn([&](Yield& y) {
            CHECK(is(State::running, scheduler.turn()));
            y(Sleep(3s));
            CHECK(is(State::running, scheduler.turn()));
            y(Sleep(1h));
        });
        CHECK(is(State::ready, scheduler.turn()));
        CHECK(sleeper.record().coroutine()->operation() == nullptr);
        yield(Sleep(3s));
        CHECK(is(State::ready, scheduler.turn() - 1));
        yield(Pass());
        CHECK(is(State::waiting, scheduler.turn()));
        scheduler.cancel(sleeper);
    });
    scheduler.spawn([](Yield& yield) {
        yield(Sleep(1s));
        yield(Sleep(1s));
    });
    CHECK(scheduler.run().failed == 0);
    CHECK(sleeper.record().state() == State::finished);
}
