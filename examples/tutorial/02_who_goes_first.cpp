#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

// [count]
void hear(Yield& yield)
{
    for (;;) {
        const int number = yield(WaitForSignal<int>("count"));
        std::cout << "  heard " << number << '\n';
    }
}

void count(Yield& yield, Priority who)
{
    for (int i = 3; i > 0; --i) {
        yield(Signal("count", i) | who);
        std::cout << "  said " << i << '\n';
    }
}
// [/count]

// [main]
int main()
{
    Scheduler scheduler;
    const auto run = [&](std::string name, Priority who) {
        std::cout << name << ":\n";
        scheduler.spawn(hear);
        scheduler.spawn(count, who);
        scheduler.run();
    };
    run("last", priority::last);
    run("coro", priority::coro);
}
// [/main]
