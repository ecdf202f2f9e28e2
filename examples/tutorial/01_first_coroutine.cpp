#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

// [countdown]
void countdown(Yield& yield, std::string name, int from)
{
    for (int i = from; i > 0; --i) {
        std::cout << name << ' ' << i << '\n';
        yield(Sleep(100ms));
    }
    std::cout << name << " lifts off\n";
}
// [/countdown]

// [main]
int main()
{
    Scheduler scheduler;
    scheduler.spawn(countdown, "Ariane", 3);
    scheduler.spawn(countdown, "Soyuz", 2);
    std::cout << scheduler.run();
}
// [/main]
