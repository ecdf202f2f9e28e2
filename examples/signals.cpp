// One coroutine signals three words to another, which then waits for a fourth in vain.
#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

void foo(Yield& yield)
{
    for (const std::string word : {"spam", "ham", "eggs"})
        yield(Signal("bar", word));
}

void bar(Yield& yield)
{
    try {
        for (;;) {
            const std::string word = yield(WaitForSignal<std::string>("bar") | within(200ms));
            std::cout << word << '\n';
        }
    } catch (const TimeoutError&) {
        std::cout << "no more\n";
    }
}

int main()
{
    Scheduler scheduler;
    scheduler.spawn(bar);  // first, since a signal that nobody waits for is gone
    scheduler.spawn(foo);
    scheduler.run();
}
