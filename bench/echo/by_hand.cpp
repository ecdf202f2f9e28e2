// SPDX-License-Identifier: MIT
#include "bench/echo/by_hand.hpp"

#include "bench/descriptor_limit.hpp"
#include "bench/echo/counters.hpp"
#include "bench/echo/load.hpp"
#include "bench/echo/running_server.hpp"
#include "bench/interrupt.hpp"
#include "bench/owned_fd.hpp"
#include "bench/table.hpp"

#include <iostream>
#include <memory>
#include <stdexcept>

#include <unistd.h>

namespace bench {
namespace {

EchoServer server_named(const std::string& name)
{
    for (auto& server : echo_servers())
        if (server.name == name) {
            if (!server.why_not.empty())
                throw std::invalid_argument(name + " cannot run here: " + server.why_not);
            return server;
        }
    throw std::invalid_argument("there is no server " + name + "; --list names them");
}

void print(std::ostream& out, const Traffic& traffic)
{
    out << "requests " << traffic.requests << ", per second " << readable(traffic.per_second());
    for (const auto& [name, share] : {std::pair{"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}})
        out << ", " << name << ' ' << readable(static_cast<double>(traffic.latency.at(share)) / 1e3)
            << " us";
    out << '\n';
}

void print(std::ostream& out, const Counters& spent, std::uint64_t requests)
{
    const auto each = [&](std::uint64_t count) {
        return static_cast<double>(count) / static_cast<double>(requests);
    };
    out << "the server's CPU per request " << readable(each(spent.cpu_nanoseconds) / 1e3)
        << " us, system calls " << fixed(each(spent.all_calls()), 3);
    for (const auto& [name, count] : spent.calls)
        if (count > 0)
            out << ", " << name << ' ' << count;
    out << '\n';
}

}

void serve_by_hand(const ByHandServer& options)
{
    auto server = server_named(options.name);
    if (options.plain && server.kind == Kind::reactor)
        server = cogen_server(server.name, false);
    forget_interrupts();
    need_descriptors(10'000);
    alarm(3600);
    server.serve([](Ports ports) { std::cout << to_line(ports) << std::flush; });
}

void load_by_hand(const ByHandLoad& options, std::ostream& out)
{
    need_descriptors(options.connections);
    Load load(options.ports.echo, options.connections);
    load.drive({patience, options.connections});

    std::unique_ptr<Control> control;
    Counters before, spent;
    if (options.ports.control) {
        control = std::make_unique<Control>(options.ports.control);
        before = control->ask();
    }
    Limit limit;
    if (options.requests > 0)
        limit.requests = options.requests;
    else
        limit.time = std::chrono::nanoseconds(static_cast<std::int64_t>(options.seconds * 1e9));
    const auto traffic = load.drive(limit);
    print(out, traffic);
    if (control) {
        spent.add_difference(before, control->ask());
        print(out, spent, traffic.requests);
    }
}

}
