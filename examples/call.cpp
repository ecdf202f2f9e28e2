// One coroutine calls another, and gets what it returns, or what it throws.
#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

std::string bar(Yield& yield, std::string what)
{
    std::cout << "bar\n";
    yield(Sleep(10ms));  // it may wait like any other
    return "spam, " + what + " and eggs";
}

void fail(Yield& yield)
{
    yield(Sleep(10ms));
    throw std::runtime_error("no eggs today");
}

void foo(Yield& yield)
{
    std::cout << "foo\n";
    const std::string meal = yield(Call(bar, "ham"));
    std::cout << meal << '\n';
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
