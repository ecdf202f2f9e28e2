#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <thread>

#include <pthread.h>

using namespace cogen;

namespace {

struct Count final : Posted {
    int runs = 0;
    void run() override { ++runs; }
};

Scheduler* signalled = nullptr;

struct FromHandler final : Posted {
    int runs = 0;
    void run() override
    {
        ++runs;
        Signal("handled").send(*signalled);
    }
} from_handler;

void on_signal(int) { signalled->post(from_handler); }

}

TEST_CASE("what is posted runs in its order, before those who are ready", "[post]")
{
    World world(each_reactor());
    std::string trace;
    world.scheduler.spawn([&](Yield&) { trace += "c"; });
    world.scheduler.post([&] { trace += "1"; });
    world.scheduler.post([&] { trace += "2"; });
    world.scheduler.post([&] {
        trace += "3";
        world.scheduler.spawn([&](Yield&) { trace += "n"; });
        world.scheduler.post([&] { trace += "4"; });  // in the next turn
    });
    world.scheduler.run();
    CHECK(trace == "123cn4");
}

TEST_CASE("a node that is posted twice before it has run runs once, and can be posted again",
          "[post]")
{
    World world(each_reactor());
    Count count;
    world.scheduler.post(count);
    world.scheduler.post(count);
    world.scheduler.run();
    CHECK(count.runs == 1);
    world.scheduler.post(count);
    world.scheduler.run();
    CHECK(count.runs == 2);
}

TEST_CASE("a posted function that fails harms nobody", "[post]")
{
    World world(each_reactor());
    bool other = false, slept = false;
    world.scheduler.post([] { throw std::runtime_error("eggs"); });
    world.scheduler.post([&] { other = true; });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        slept = true;
    });
    world.scheduler.run();
    CHECK(other);
    CHECK(slept);
}

TEST_CASE("work that is announced keeps run() until its result has come from another thread",
          "[post][work]")
{
    Scheduler scheduler(reactor_named(each_users_reactor(), system_kernel()));
    int got = 0;
    std::thread worker;
    scheduler.spawn([&](Yield& yield) {
        worker = std::thread([&scheduler, work = std::make_shared<Work>(scheduler)] {
            scheduler.post([&scheduler] { Signal("result", 7).send(scheduler); });
        });
        got = yield(WaitForSignal<int>("result"));
    });
    CHECK(scheduler.run().stuck.empty());
    worker.join();
    CHECK(got == 7);
}

TEST_CASE("work that ends without a result lets run() return", "[post][work]")
{
    Scheduler scheduler(reactor_named(each_users_reactor(), system_kernel()));
    std::thread worker([work = std::make_shared<Work>(scheduler)]() mutable { work.reset(); });
    scheduler.spawn([](Yield& yield) { yield(WaitForSignal("result")); });
    CHECK(scheduler.run().stuck.size() == 1);
    worker.join();
}

TEST_CASE("nothing is lost of what several threads post at once", "[post][work]")
{
    Scheduler scheduler(reactor_named(each_users_reactor(), system_kernel()));
    constexpr int threads = 4, posts = 5000;
    int runs = 0;
    std::vector<int> last(threads, -1);
    bool in_order = true;
    std::vector<std::thread> workers;
    for (int self = 0; self < threads; ++self)
        workers.emplace_back([&, self, work = std::make_shared<Work>(scheduler)] {
            for (int i = 0; i < posts; ++i)
                scheduler.post([&, self, i] {
                    ++runs;
                    in_order &= i == last[static_cast<std::size_t>(self)] + 1;
                    last[static_cast<std::size_t>(self)] = i;
                });
        });
    scheduler.run();
    for (std::thread& worker : workers)
        worker.join();
    scheduler.run();
    CHECK(runs == threads * posts);
    CHECK(in_order);
}

TEST_CASE("a signal handler may post a node, and ends the wait", "[post]")
{
    Scheduler scheduler(reactor_named(each_users_reactor(), system_kernel()));
    signalled = &scheduler;
    from_handler.runs = 0;
    struct sigaction action = {}, before = {};
    action.sa_handler = on_signal;
    ::sigaction(SIGUSR1, &action, &before);
    const Work work(scheduler);
    const pthread_t self = ::pthread_self();
    std::thread sender;
    scheduler.spawn([&](Yield& yield) {
        sender = std::thread([self] { ::pthread_kill(self, SIGUSR1); });
        yield(WaitForSignal("handled"));
        scheduler.stop();
    });
    scheduler.run();
    sender.join();
    ::sigaction(SIGUSR1, &before, nullptr);
    CHECK(from_handler.runs == 1);
}

namespace {

/// Tells when the scheduler is about to wait without end: then only others can end that.
struct EndlessWait final : Instrument {
    std::atomic<bool> begun{false};

    void before_wait(Patience patience) noexcept override
    {
        if (!patience) {
            begun = true;
            begun.notify_all();
        }
    }
};

/// Has another thread do something to a scheduler that waits without end.
template <class Action>
void meddle_with_waiting(Scheduler& scheduler, Action action)
{
    EndlessWait wait;
    scheduler.attach(wait);
    const Work work(scheduler);
    std::thread other([&] {
        wait.begun.wait(false);
        action();
    });
    scheduler.run();
    other.join();
    scheduler.detach(wait);
}

}

TEST_CASE("what another thread posts ends a wait without end", "[post]")
{
    Scheduler scheduler(reactor_named(each_users_reactor(), system_kernel()));
    bool posted = false;
    meddle_with_waiting(scheduler, [&] {
        scheduler.post([&] {
            posted = true;
            scheduler.stop();
        });
    });
    CHECK(posted);
}

TEST_CASE("another thread may stop a scheduler that waits without end", "[post]")
{
    Scheduler scheduler(reactor_named(each_users_reactor(), system_kernel()));
    bool asked = false;
    meddle_with_waiting(scheduler, [&] {
        asked = true;
        scheduler.stop();
    });
    CHECK(asked);
}
