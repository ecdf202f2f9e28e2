#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

// [rocket]
void rocket(Yield& yield, std::string name)
{
    std::cout << name << " waits\n";
    const std::string word = yield(WaitForSignal<std::string>("control"));
    std::cout << name << " hears: " << word << '\n';
}
// [/rocket]

// [control]
void control(Yield& yield)
{
    for (const std::string word : {"lift off", "good luck"}) {
        const std::size_t woken = yield(Signal("control", word));
        std::cout << "control: " << woken << " heard that\n";
    }
}
// [/control]

// [main]
int main()
{
    Scheduler scheduler;
    scheduler.spawn(rocket, "Ariane");
    scheduler.spawn(rocket, "Soyuz");
    scheduler.spawn(control);
    std::cout << scheduler.run();
}
// [/main]
