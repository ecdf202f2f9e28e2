// SPDX-License-Identifier: MIT
#include "bench/servers/counters.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <sstream>

#include <sys/resource.h>

namespace bench {

std::uint64_t Counters::all_calls() const
{
    std::uint64_t sum = 0;
    for (const auto& [name, count] : calls)
        sum += count;
    return sum;
}

std::uint64_t Counters::waits() const
{
    static constexpr std::array<std::string_view, 6> names = {
        "epoll_wait", "poll", "select", "pselect", "kevent", "io_uring_enter"};
    std::uint64_t sum = 0;
    for (const auto& [name, count] : calls)
        if (std::find(names.begin(), names.end(), name) != names.end())
            sum += count;
    return sum;
}

void Counters::add_difference(const Counters& before, const Counters& after)
{
    cpu_nanoseconds += after.cpu_nanoseconds - before.cpu_nanoseconds;
    system_nanoseconds += after.system_nanoseconds - before.system_nanoseconds;
    for (const auto& [name, count] : after.calls) {
        const auto earlier = before.calls.find(name);
        calls[name] += count - (earlier == before.calls.end() ? 0 : earlier->second);
    }
}

Counters own_time()
{
    timespec time = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto nanoseconds = [](auto seconds, auto rest) {
        return static_cast<std::uint64_t>(seconds) * 1'000'000'000
               + static_cast<std::uint64_t>(rest);
    };
    return {nanoseconds(time.tv_sec, time.tv_nsec),
            nanoseconds(usage.ru_stime.tv_sec, usage.ru_stime.tv_usec * 1000),
            {}};
}

std::string to_line(const Counters& counters)
{
    std::ostringstream line;
    line << "cpu_ns " << counters.cpu_nanoseconds << " system_ns " << counters.system_nanoseconds;
    for (const auto& [name, count] : counters.calls)
        line << ' ' << name << ' ' << count;
    line << '\n';
    return line.str();
}

Counters from_line(std::string_view line)
{
    std::istringstream words{std::string(line)};
    Counters counters;
    std::string name;
    std::uint64_t count = 0;
    while (words >> name >> count) {
        if (name == "cpu_ns")
            counters.cpu_nanoseconds = count;
        else if (name == "system_ns")
            counters.system_nanoseconds = count;
        else
            counters.calls[name] = count;
    }
    return counters;
}

Control::Control(std::uint16_t port) : fd_(connect_to_loopback(port)) {}

Counters Control::ask()
{
    write_all(fd_.get(), "?");
    return from_line(read_line(fd_.get()));
}

}
