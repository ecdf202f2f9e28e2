#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

// [topic]
const Topic<int> wind{"wind"};

void watch(Yield& yield)
{
    for (;;) {
        const int speed = yield(WaitForSignal(wind));
        std::cout << "wind: " << speed << (speed > 20 ? ", too strong\n" : "\n");
    }
}

void measure(Yield& yield)
{
    for (const int speed : {12, 31, 8})
        yield(Signal(wind, speed));
}
// [/topic]

void mistake(Yield& yield)
{
    try {
        yield(WaitForSignal("wind"));
    } catch (const std::logic_error& error) {
        std::cout << error.what() << '\n';
    }
}

// [main]
int main()
{
    Scheduler scheduler;
    scheduler.spawn(watch).named("watch");
    scheduler.spawn(mistake);
    scheduler.spawn(measure);
    std::cout << scheduler.run();
}
// [/main]
