#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

void rocket(Yield& yield, std::string name, Duration fuelling)
{
    yield(Sleep(fuelling));
    std::cout << name << " is ready\n";
    yield(WaitForSignal("lift off"));
    std::cout << name << " lifts off\n";
}

// [control]
void control(Yield& yield)
{
    std::size_t woken = yield(Signal("lift off"));
    std::cout << "control: " << woken << " heard that\n";

    woken = yield(Signal("lift off").recipients(2));
    std::cout << "control: " << woken << " heard that\n";
}
// [/control]

int main()
{
    Scheduler scheduler;
    scheduler.spawn(control);
    scheduler.spawn(rocket, "Ariane", 100ms);
    scheduler.spawn(rocket, "Soyuz", 50ms);
    std::cout << scheduler.run();
}
