// What whoever runs coroutines says, each once: the reference quotes it.
#include <cogen/cogen.hpp>

#include <iostream>
#include <string>
#include <thread>

using namespace cogen;

void greet(Yield& yield, std::string name, int& greeted)
{
    yield(Pass());
    std::cout << "hello " << name << '\n';
    ++greeted;
}

void count(Yield& yield, int* rounds)
{
    for (; *rounds < 3; ++*rounds)
        yield(Sleep(5ms));
}

void await_answer(Yield& yield) { std::cout << yield(WaitForSignal<int>("answer")) << '\n'; }

void stop(Yield& yield)
{
    yield.scheduler().stop();
    yield(Sleep(1ms));
}

// [posted]
struct Bell final : Posted {
    void run() override { std::cout << "it rings\n"; }
};
// [/posted]

int main()
{
    // [reactor]
    // With the reactor that COGEN_REACTOR names, or the best one here; by name; by options.
    Scheduler scheduler;
    Scheduler polling("poll");
    Scheduler thrifty(make_reactor("epoll", {.batch = 64}));

    // Which there are, and why one cannot be had.
    for (const ReactorInfo& reactor : available_reactors())
        std::cout << reactor.name << ": " << (reactor.why_not.empty() ? "here" : reactor.why_not)
                  << '\n';
    // [/reactor]

    // [spawn]
    // Arguments are copied or moved into the coroutine; what it shares goes by std::ref or pointer.
    int greeted = 0;
    const Handle<> greeting = scheduler.spawn(greet, "Alice", std::ref(greeted)).named("greeting");

    // Run all until nothing is left to do, and hear how that went.
    const Report report = scheduler.run();
    std::cout << greeting.finished() << greeted << ' ' << report;
    // [/spawn]

    // [run_for]
    // So long at most, for whoever has a loop of his own: is there more to do?
    int rounds = 0;
    scheduler.spawn(count, &rounds);
    while (scheduler.run_for(1ms)) {}

    // One round, which does not wait; how long the next may wait for.
    int later = 0;
    scheduler.spawn(count, &later);
    const bool more = scheduler.step();
    const Patience patience = scheduler.patience();
    // [/run_for]
    std::cout << rounds << more << patience.has_value() << '\n';

    // [post]
    // Another thread hands something over. Work keeps run() from returning before.
    scheduler.spawn(await_answer);
    std::thread thread([&scheduler, work = Work(scheduler)] {
        scheduler.post([&scheduler] { Signal("answer", 42).send(scheduler); });
    });
    scheduler.run();
    thread.join();
    // [/post]

    // [post_node]
    // The same without memory or lock, so that signal handlers may.
    Bell bell;
    scheduler.post(bell);
    scheduler.run();
    // [/post_node]

    // [stop]
    // From anywhere: run() returns, and cancels nobody. Another one goes on.
    scheduler.spawn(stop);
    scheduler.run();
    std::cout << scheduler.run();
    // [/stop]
}
