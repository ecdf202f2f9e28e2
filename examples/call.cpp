// One coroutine calls another, and gets what it returns.
#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

std::string bar(Yield& yield, std::string what)
{
    yield(Sleep(10ms));
    return "spam, " + what + " and eggs";
}

void fail(Yield& yield)
{
    yield(Sleep(10ms));
    throw std::runtime_error("no eggs today");
}

void foo(Yield& yield)
{
    std::cout << yield(Call(bar, "ham")) << '\n';
    try {
        yield(Call(fail));
    } catch (const std::runtime_error& error) {
        std::cout << "the called one failed: " << error.what() << '\n';
    }
}

int main()
{
    Scheduler scheduler;
    scheduler.spawn(foo);
    scheduler.run();
}
