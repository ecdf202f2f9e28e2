// Two coroutines take turns.
#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

void greet(Yield& yield, std::string name)
{
    for (int i = 1; i <= 3; ++i) {
        std::cout << name << " says hello " << i << '\n';
        yield(Pass());  // lets the other run
    }
}

int main()
{
    Scheduler scheduler;
    scheduler.spawn(greet, "Alice");
    scheduler.spawn(greet, "Bob");
    std::cout << scheduler.run();
}
