// SPDX-License-Identifier: MIT
#include "bench/compare/by_hand.hpp"

#include "bench/descriptor_limit.hpp"
#include "bench/interrupt.hpp"
#include "bench/owned_fd.hpp"
#include "bench/servers/counters.hpp"
#include "bench/servers/running_server.hpp"
#include "bench/table.hpp"

#include <iostream>
#include <memory>
#include <stdexcept>

#include <unistd.h>

namespace bench {
namespace {

Server server_named(const std::string& name, const Workload& workload)
{
    for (auto& server : all_servers())
        if (server.name == name) {
            const auto missing = server.without.find(workload.service);
            const auto why = missing == server.without.end() ? server.why_not : missing->second;
            if (!why.empty())
                throw std::invalid_argument(name + " cannot do " + workload.name + " here: " + why);
            return server;
        }
    throw std::invalid_argument("there is no server " + name + "; --list names them");
}

void print(std::ostream& out, const Workload& workload, const Traffic& traffic)
{
    out << workload.unit.several << ' ' << traffic.units << ", per second "
        << readable(traffic.per_second());
    if (traffic.latency.count() > 0)
        for (const auto& [name, share] : {std::pair{"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}})
            out << ", " << name << ' '
                << readable(static_cast<double>(traffic.latency.at(share)) / 1e3) << " us";
    out << '\n';
}

void print(std::ostream& out, const Workload& workload, const Counters& spent, std::uint64_t units)
{
    const auto each = [&](std::uint64_t count) {
        return static_cast<double>(count) / static_cast<double>(units);
    };
    out << "the server's CPU per " << workload.unit.one << ' '
        << readable(each(spent.cpu_nanoseconds) / 1e3) << " us, of which in the kernel "
        << readable(each(spent.system_nanoseconds) / 1e3) << " us, system calls "
        << (spent.calls.empty() ? "not counted" : fixed(each(spent.all_calls()), 3));
    for (const auto& [name, count] : spent.calls)
        if (count > 0)
            out << ", " << name << ' ' << count;
    out << '\n';
}

}

void serve_by_hand(const ByHandServer& options)
{
    const auto workload = workload_named(options.workload);
    auto server = server_named(options.name, workload);
    if (options.plain && server.kind == Kind::reactor)
        server = cogen_server(server.name, false);
    forget_interrupts();
    need_descriptors(10'000);
    alarm(3600);
    server.serve(workload.service, [](Ports ports) { std::cout << to_line(ports) << std::flush; });
}

void load_by_hand(const ByHandLoad& options, std::ostream& out)
{
    const auto workload = workload_named(options.workload);
    workload.check(options.size);
    need_descriptors(options.size + workload.besides);
    const auto load = workload.connect(options.ports.service, options.size);
    load->drive({std::chrono::hours(1), load->at_once()});

    std::unique_ptr<Control> control;
    Counters before, spent;
    if (options.ports.control) {
        control = std::make_unique<Control>(options.ports.control);
        before = control->ask();
    }
    Limit limit;
    if (options.units > 0)
        limit.units = options.units;
    else
        limit.time = std::chrono::nanoseconds(static_cast<std::int64_t>(options.seconds * 1e9));
    const auto traffic = load->drive(limit);
    print(out, workload, traffic);
    if (control) {
        spent.add_difference(before, control->ask());
        print(out, workload, spent, traffic.units);
    }
}

}
