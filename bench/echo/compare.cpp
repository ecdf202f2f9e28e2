// SPDX-License-Identifier: MIT
#include "bench/echo/compare.hpp"

#include "bench/descriptor_limit.hpp"
#include "bench/echo/load.hpp"
#include "bench/echo/running_server.hpp"
#include "bench/terminal.hpp"

#include <algorithm>
#include <memory>
#include <random>

namespace bench {
namespace {

/// One slice of one server.
struct Sample {
    double requests_per_second;
    double cpu_microseconds;
};

/// A server with its connections, and what was measured of it so far.
class Contestant {
public:
    Contestant(RunningServer& server, unsigned connections)
        : server_(server), load_(server.ports().echo, connections), control_(server.ports().control)
    {
        result_.server = server.server().name;
        result_.kind = server.server().kind;
        result_.connections = connections;
    }

    void warm_up(std::chrono::nanoseconds time) { drive({time}); }

    void measure(std::chrono::nanoseconds time)
    {
        // The others have had the caches meanwhile: a message on each connection fetches ours back.
        drive({std::chrono::hours(1), result_.connections});
        const auto before = control_.ask();
        const auto traffic = drive({time});
        Counters spent;
        spent.add_difference(before, control_.ask());
        const double requests = static_cast<double>(traffic.requests);
        samples_.push_back(
            {traffic.per_second(), static_cast<double>(spent.cpu_nanoseconds) / 1e3 / requests});
        result_.requests += traffic.requests;
        result_.latency.merge(traffic.latency);
        result_.spent.add_difference({}, spent);
    }

    /// Needs as many rounds of the floor as of this one.
    EchoResult result_against(const Contestant& floor) const
    {
        std::vector<double> speed, cpu, ratio;
        for (std::size_t round = 0; round < samples_.size(); ++round) {
            speed.push_back(samples_[round].requests_per_second);
            cpu.push_back(samples_[round].cpu_microseconds);
            ratio.push_back(cpu.back() / floor.samples_[round].cpu_microseconds);
        }
        EchoResult result = result_;
        result.requests_per_second = spread_of(std::move(speed));
        result.cpu_microseconds = spread_of(std::move(cpu));
        result.ratio = spread_of(std::move(ratio));
        return result;
    }

private:
    Traffic drive(Limit limit)
    {
        try {
            return load_.drive(limit);
        } catch (const std::exception& problem) {
            server_.explain(problem);
        }
    }

    RunningServer& server_;
    Load load_;
    Control control_;
    std::vector<Sample> samples_;
    EchoResult result_;
};

using Contestants = std::vector<std::unique_ptr<Contestant>>;

void run_rounds(const Contestants& contestants, const EchoPlan& plan, unsigned connections)
{
    Progress progress;
    const auto what = "echo, connections at once: " + std::to_string(connections) + ", round";
    for (const auto& contestant : contestants)
        contestant->warm_up(plan.warm_up);
    std::mt19937 random(connections);  // the same order in every run: one surprise less
    std::vector<Contestant*> order;
    for (const auto& contestant : contestants)
        order.push_back(contestant.get());
    for (unsigned round = 0; round < plan.rounds; ++round) {
        progress.show(what, round + 1, plan.rounds);
        std::shuffle(order.begin(), order.end(), random);
        for (Contestant* contestant : order)
            contestant->measure(plan.slice);
    }
}

}

double EchoResult::calls_per_request() const
{
    return static_cast<double>(spent.all_calls()) / static_cast<double>(requests);
}

EchoComparison compare_echo(const std::vector<EchoServer>& servers, const EchoPlan& plan)
{
    need_descriptors(servers.size()
                     * *std::max_element(plan.connections.begin(), plan.connections.end()));
    EchoComparison comparison{plan, choose_processors(), {}};
    std::vector<std::unique_ptr<RunningServer>> running;
    for (const auto& server : servers)
        running.push_back(std::make_unique<RunningServer>(server, comparison.processors.server));
    stay_on(comparison.processors.load);

    for (const unsigned connections : plan.connections) {
        Contestants contestants;
        for (const auto& server : running)
            contestants.push_back(std::make_unique<Contestant>(*server, connections));
        run_rounds(contestants, plan, connections);
        for (const auto& contestant : contestants)
            comparison.results.push_back(contestant->result_against(*contestants.front()));
    }
    return comparison;
}

}
