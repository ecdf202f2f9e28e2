// SPDX-License-Identifier: MIT
//
// cogen-bench: the command line. What it says, it says by the parts: echo/ compares the servers,
// micro/ the small things, text.hpp and report.hpp tell the results.
#include "bench/echo/by_hand.hpp"
#include "bench/echo/compare.hpp"
#include "bench/environment.hpp"
#include "bench/interrupt.hpp"
#include "bench/micro/micro.hpp"
#include "bench/report.hpp"
#include "bench/report_page.hpp"
#include "bench/text.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>

namespace bench {
namespace {

/// The command line does not make sense, or asks for what cannot be had.
using UsageError = std::invalid_argument;

struct Options {
    bool list = false;
    bool quick = false;
    std::vector<std::string> reactors;
    EchoPlan echo;
    MicroPlan micro;
    std::string json_file;
    std::string html_file;
};

/// The floor, the peers, and the reactors asked for; where none are, all that there are.
std::vector<EchoServer> chosen_servers(const std::vector<std::string>& reactors)
{
    auto servers = echo_servers();
    for (const auto& name : reactors) {
        const auto known =
            std::find_if(servers.begin(), servers.end(), [&](const EchoServer& server) {
                return server.kind == Kind::reactor && server.name == name;
            });
        if (known == servers.end())
            throw UsageError("there is no reactor " + name + "; --list names them");
        if (!known->why_not.empty())
            throw UsageError("the reactor " + name + " cannot run here: " + known->why_not);
    }
    std::erase_if(servers, [&](const EchoServer& server) {
        const bool asked_for =
            reactors.empty() || server.kind != Kind::reactor
            || std::find(reactors.begin(), reactors.end(), server.name) != reactors.end();
        return !asked_for || !server.why_not.empty();
    });
    return servers;
}

/// So that a run of minutes does not end with a file that cannot be written.
void check_writable(const std::string& file)
{
    if (!file.empty() && !std::ofstream(file, std::ios::app))
        throw UsageError("cannot write " + file);
}

void write_file(const std::string& file, const std::string& text)
{
    if (file.empty())
        return;
    std::ofstream out(file);
    out << text << std::flush;
    if (!out)
        throw std::runtime_error("cannot write " + file);
}

void shorten(Options& options)
{
    options.echo.starts = 3;
    options.echo.rounds = 5;
    options.echo.slice = std::chrono::milliseconds(25);
    options.echo.warm_up = std::chrono::milliseconds(50);
    options.micro.rounds = 9;
}

void compare(const Options& options, bool echo, bool micro)
{
    const auto servers = chosen_servers(options.reactors);
    check_writable(options.json_file);
    check_writable(options.html_file);

    Report report{environment(), {}, {}};
    print(std::cout, report.environment);
    if (echo) {
        report.echo = compare_echo(servers, options.echo);
        print(std::cout, *report.echo);
    }
    if (micro) {
        report.micro = compare_micro(options.micro);
        print(std::cout, *report.micro);
    }
    const auto json = to_json(report);
    write_file(options.json_file, json + '\n');
    write_file(options.html_file, to_html(report_page, json));
}

void sort_out(std::vector<unsigned>& numbers)
{
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

void describe(CLI::App& app, Options& options)
{
    app.fallthrough();
    app.add_flag("--list", options.list, "Name the servers, and why some cannot run here");
    app.add_flag("--quick", options.quick, "Fewer and shorter rounds: half a minute in all");
    app.add_option("--reactors", options.reactors, "Only these reactors, as epoll,poll")
        ->delimiter(',');
    app.add_option("--connections", options.echo.connections, "Numbers of connections, as 1,64,512")
        ->delimiter(',')
        ->check(CLI::Range(1, 10'000));
    app.add_option("--coroutines", options.micro.suspended, "How many to suspend to weigh one")
        ->check(CLI::Range(1'000, 1'000'000));
    app.add_option("--json", options.json_file, "Write the results to this file, for programs");
    app.add_option("--html", options.html_file, "Write the results to this file, as a page");
}

void add_server(CLI::App& app)
{
    static ByHandServer options;
    auto* command = app.add_subcommand("server", "Only serve; say where, until killed");
    command->add_option("--reactor", options.name, "A reactor, floor or libevent")->required();
    command->add_flag("--plain", options.plain, "Do not count system calls: for a profile");
    command->callback([] { serve_by_hand(options); });
}

void add_load(CLI::App& app)
{
    static ByHandLoad options;
    auto* command = app.add_subcommand("load", "Only the load, on a server that runs already");
    command->add_option("--port", options.ports.echo, "The port of the server")->required();
    command->add_option("--control", options.ports.control, "Its control port, for its counters");
    command->add_option("--connections", options.connections, "At once")
        ->check(CLI::Range(1, 10'000));
    command->add_option("--seconds", options.seconds, "So long")->check(CLI::Range(0.001, 3600.0));
    command->add_option("--requests", options.requests, "So many, however long they take");
    command->callback([] { load_by_hand(options, std::cout); });
}

int run(int argc, char** argv)
{
    CLI::App app("Compares cogen's reactors with each other and with the least there can be.\n"
                 "Without a command: echo, then micro.",
                 "cogen-bench");
    Options options;
    describe(app, options);
    auto* echo = app.add_subcommand("echo", "Only the echo workload");
    auto* micro =
        app.add_subcommand("micro", "Only the small things: yield, call, spawn, timers, memory");
    add_server(app);
    add_load(app);
    app.require_subcommand(0, 1);
    heed_interrupts();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? 0 : 2;
    }
    if (options.quick)
        shorten(options);
    sort_out(options.echo.connections);
    if (options.list)
        print(std::cout, echo_servers());
    else if (app.get_subcommands().empty() || *echo || *micro)
        compare(options, !*micro, !*echo);
    return 0;
}

}

}

int main(int argc, char** argv)
{
    try {
        return bench::run(argc, argv);
    } catch (const bench::Interrupted&) {
        return 130;
    } catch (const bench::UsageError& problem) {
        std::cerr << "cogen-bench: " << problem.what() << '\n';
        return 2;
    } catch (const std::exception& problem) {
        std::cerr << "cogen-bench: " << problem.what() << '\n';
        return 1;
    }
}
