// SPDX-License-Identifier: MIT
#include "bench/echo/counters.hpp"

#include <ctime>
#include <sstream>

namespace bench {

std::uint64_t Counters::all_calls() const
{
    std::uint64_t sum = 0;
    for (const auto& [name, count] : calls)
        sum += count;
    return sum;
}

void Counters::add_difference(const Counters& before, const Counters& after)
{
    cpu_nanoseconds += after.cpu_nanoseconds - before.cpu_nanoseconds;
    for (const auto& [name, count] : after.calls) {
        const auto earlier = before.calls.find(name);
        calls[name] += count - (earlier == before.calls.end() ? 0 : earlier->second);
    }
}

std::uint64_t own_cpu_nanoseconds()
{
    timespec time = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000
           + static_cast<std::uint64_t>(time.tv_nsec);
}

std::string to_line(const Counters& counters)
{
    std::ostringstream line;
    line << "cpu_ns " << counters.cpu_nanoseconds;
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
