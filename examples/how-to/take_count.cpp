// Another thread counts, and a coroutine takes what it has counted.
#include "examples/how-to/take_count.hpp"

#include <iostream>
#include <thread>

#include <sys/eventfd.h>

using namespace cogen;

// [use]
void add_up(Yield& yield, Descriptor counter, std::uint64_t all)
{
    std::uint64_t sum = 0;
    while (sum < all)
        sum += yield(TakeCount(counter) | within(5s));
    std::cout << sum << '\n';
}

int main()
{
    Scheduler scheduler;
    const OpenDescriptor counter(scheduler, Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)));
    std::thread other([&] {
        for (int i = 0; i < 1000; ++i)
            ::eventfd_write(counter.get().number(), 7);
    });
    scheduler.spawn(add_up, counter.get(), 7000);
    const Report report = scheduler.run();
    other.join();
    return report.failed == 0 ? 0 : 1;
}
// [/use]
