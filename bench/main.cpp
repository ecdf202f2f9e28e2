// SPDX-License-Identifier: MIT
//
// cogen-bench: the command line. What it says, it says by the parts: compare/ drives the servers of
// servers/ by the loads of workloads/, micro/ measures the small things, text.hpp and report.hpp
// tell the results.
#include "bench/compare/by_hand.hpp"
#include "bench/compare/compare.hpp"
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
    std::vector<unsigned> sizes;  ///< empty: each workload's own
    MicroPlan micro;
    std::string json_file;
    std::string html_file;
};

/// The floor, the peers, and the reactors asked for; where none are, all that there are.
std::vector<Server> chosen_servers(const std::vector<std::string>& reactors)
{
    auto servers = all_servers();
    for (const auto& name : reactors) {
        const auto known = std::find_if(servers.begin(), servers.end(), [&](const Server& server) {
            return server.kind == Kind::reactor && server.name == name;
        });
        if (known == servers.end())
            throw UsageError("there is no reactor " + name + "; --list names them");
        if (!known->why_not.empty())
            throw UsageError("the reactor " + name + " cannot run here: " + known->why_not);
    }
    std::erase_if(servers, [&](const Server& server) {
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

/// The workload with the sizes and the effort that were asked for.
Workload adapted(Workload workload, const Options& options)
{
    if (options.quick)
        workload.effort = workload.brief;
    if (!options.sizes.empty())
        workload.sizes = options.sizes;
    std::sort(workload.sizes.begin(), workload.sizes.end());
    const auto repeated = std::unique(workload.sizes.begin(), workload.sizes.end());
    workload.sizes.erase(repeated, workload.sizes.end());
    workload.check(workload.sizes.front());
    return workload;
}

/// The workloads of that name, in their order; all where there is no name. Sizes that were asked
/// for without a name are meant for echo.
std::vector<Workload> chosen_workloads(const std::string& name, const Options& options)
{
    Options defaults = options;
    defaults.sizes.clear();
    std::vector<Workload> chosen;
    for (const auto& workload : all_workloads())
        if (name.empty() || workload.name == name)
            chosen.push_back(
                adapted(workload, name.empty() && workload.name != "echo" ? defaults : options));
    return chosen;
}

/// What `command` names, or everything where it is empty.
void measure(const Options& options, const std::string& command)
{
    const auto servers = chosen_servers(options.reactors);
    const auto workloads = chosen_workloads(command, options);
    check_writable(options.json_file);
    check_writable(options.html_file);

    Report report{environment(), {}, {}};
    print(std::cout, report.environment);
    for (const auto& workload : workloads) {
        report.workloads.push_back(compare(workload, servers));
        print(std::cout, report.workloads.back());
    }
    if (!workloads.empty()) {
        print_summary(std::cout, report.workloads);
        print_reading_help(std::cout);
    }
    if (command.empty() || command == "micro") {
        report.micro = compare_micro(options.micro);
        print(std::cout, *report.micro);
    }
    const auto json = to_json(report);
    write_file(options.json_file, json + '\n');
    write_file(options.html_file, to_html(report_page, json));
}

void describe(CLI::App& app, Options& options)
{
    app.fallthrough();
    app.add_flag("--list", options.list, "Name the servers, and why some cannot run here");
    app.add_flag("--quick", options.quick, "Fewer and shorter rounds: about a minute in all");
    app.add_option("--reactors", options.reactors, "Only these reactors, as epoll,poll")
        ->delimiter(',');
    app.add_option("--connections", options.sizes,
                   "Numbers of connections, as 1,64,512; with idle, of those on which nothing "
                   "happens; without a command, of echo")
        ->delimiter(',')
        ->check(CLI::Range(0, 10'000));
    app.add_option("--coroutines", options.micro.suspended, "How many to suspend to weigh one")
        ->check(CLI::Range(1'000, 1'000'000));
    app.add_option("--json", options.json_file, "Write the results to this file, for programs");
    app.add_option("--html", options.html_file, "Write the results to this file, as a page");
}

void add_workloads(CLI::App& app)
{
    for (const auto& workload : all_workloads())
        app.add_subcommand(workload.name, "Only this: " + workload.what);
}

void add_server(CLI::App& app)
{
    static ByHandServer options;
    auto* command = app.add_subcommand("server", "Only serve; say where, until killed");
    command->add_option("--reactor", options.name, "A reactor, floor, ring or libevent")
        ->required();
    command->add_option("--workload", options.workload, "Serve so; without, echo");
    command->add_flag("--plain", options.plain, "Do not count system calls: for a profile");
    command->callback([] { serve_by_hand(options); });
}

void add_load(CLI::App& app)
{
    static ByHandLoad options;
    auto* command = app.add_subcommand("load", "Only the load, on a server that runs already");
    command->add_option("--port", options.ports.service, "The port of the server")->required();
    command->add_option("--control", options.ports.control, "Its control port, for its counters");
    command->add_option("--workload", options.workload, "The server's; without, echo");
    command->add_option("--connections", options.size, "At once; with idle, besides")
        ->check(CLI::Range(0, 10'000));
    command->add_option("--seconds", options.seconds, "So long")->check(CLI::Range(0.001, 3600.0));
    command->add_option("--requests", options.units,
                        "So many, however long they take; MiB of a stream, connections of churn");
    command->callback([] { load_by_hand(options, std::cout); });
}

int run(int argc, char** argv)
{
    CLI::App app("Compares cogen's reactors with each other and with the plainest loop.\n"
                 "Without a command: all of them, one after the other.",
                 "cogen-bench");
    Options options;
    describe(app, options);
    add_workloads(app);
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
        options.micro.rounds = 5;
    const auto commands = app.get_subcommands();
    const auto command = commands.empty() ? std::string() : commands.front()->get_name();
    if (options.list)
        print(std::cout, all_servers(), all_workloads());
    else if (command != "server" && command != "load")
        measure(options, command);
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
