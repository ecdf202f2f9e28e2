// A thousand coroutines sleep, in one thread, and all at once: ./sleepers [number]
#include <cogen/cogen.hpp>

#include <cstdlib>
#include <iomanip>
#include <iostream>

#include <sys/resource.h>

using namespace cogen;

void sleeper(Yield& yield, Duration time, Duration* slept)
{
    yield(Sleep(time));
    *slept += time;
}

/// What the process has needed so far, at most.
long kilobytes()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

int main(int argc, char** argv)
{
    using Seconds = std::chrono::duration<double>;
    const int number = argc > 1 ? std::atoi(argv[1]) : 1000;
    Scheduler scheduler;
    const TimePoint begin = scheduler.now();
    const long before = kilobytes();

    Duration slept{};
    for (int i = 1; i <= number; ++i)
        scheduler.spawn(sleeper, Duration(i * 1s) / number, &slept);  // up to a second
    const Report report = scheduler.run();

    std::cout << std::fixed << std::setprecision(1) << report.finished << " sleepers have slept "
              << Seconds(slept).count() << " s in " << Seconds(scheduler.now() - begin).count()
              << " s, with " << double(kilobytes() - before) / number << " KiB of memory each\n";
}
