#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

// [rocket]
void rocket(Yield& yield)
{
    try {
        std::cout << "rocket: burns\n";
        yield(Sleep(1h));
    } catch (const std::exception&) {
        std::cout << "rocket: an error\n";  // it is none
    } catch (const Cancelled&) {
        std::cout << "rocket: is cancelled\n";
        shielded(yield, [&] { yield(Sleep(20ms)); });
        std::cout << "rocket: has let off its fuel\n";
        throw;
    }
}
// [/rocket]

// [control]
void control(Yield& yield, Scheduler* scheduler)
{
    const Handle<> handle = yield(Spawn(rocket));
    yield(Sleep(50ms));
    scheduler->cancel(handle);
    std::cout << "control: has asked\n";

    const auto [error] = yield(Join(handle) | as_tuple);
    std::cout << "control: " << error.message() << '\n';
}
// [/control]

// [main]
int main()
{
    Scheduler scheduler;
    scheduler.spawn(control, &scheduler);
    std::cout << scheduler.run();
}
// [/main]
