#include <cogen/cogen.hpp>

#include <iostream>
#include <vector>

using namespace cogen;

// [within]
void wait_for_word(Yield& yield)
{
    try {
        yield(WaitForSignal("lift off") | within(50ms));
    } catch (const TimeoutError& error) {
        std::cout << error.what() << '\n';
    }
}
// [/within]

// [as_tuple]
void wait_for_number(Yield& yield)
{
    const auto [error, number] = yield(WaitForSignal<int>("count") | within(50ms) | as_tuple);
    if (error == errc::timed_out)
        std::cout << "no number, so it is " << number << '\n';
}
// [/as_tuple]

// [idle_limit]
void read_some(Yield& yield, Socket sock)
{
    std::vector<char> buffer(1 << 20);
    for (int i = 0; i < 5; ++i) {
        yield(Sleep(20ms));
        yield(sock.read(buffer));
    }
    yield(WaitForSignal("enough"));  // and read no more
}

void write_much(Yield& yield, Socket sock)
{
    const std::string much(8 << 20, 'x');
    const auto [error, count] = yield(sock.write(much) | idle_limit(100ms) | as_tuple);
    if (error == errc::timed_out && 0 < count && count < much.size())
        std::cout << "a part has gone out\n";
    yield(Signal("enough"));
}
// [/idle_limit]

// [with_timeout]
void fly(Yield& yield)
{
    int stage = 0;
    for (const Duration burning : {Duration(10ms), Duration(20ms), Duration(1h)}) {
        std::cout << "stage " << ++stage << '\n';
        yield(Sleep(burning));
    }
    std::cout << "in orbit\n";
}

void launch(Yield& yield)
{
    try {
        with_timeout(yield, 150ms, [&] { fly(yield); });
    } catch (const TimeoutError&) {
        std::cout << "out of fuel\n";
    }
}
// [/with_timeout]

int main()
{
    Scheduler scheduler;
    auto [here, there] = socket_pair(scheduler);
    scheduler.spawn(wait_for_word);
    scheduler.run();
    scheduler.spawn(wait_for_number);
    scheduler.run();
    scheduler.spawn(read_some, std::move(here));
    scheduler.spawn(write_much, std::move(there));
    scheduler.run();
    scheduler.spawn(launch);
    scheduler.run();
}
