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

/// What was measured of a server so far, in however many processes.
class Tally {
public:
    Tally(const EchoServer& server, unsigned connections)
    {
        result_.server = server.name;
        result_.kind = server.kind;
        result_.connections = connections;
    }

    void add(const Traffic& traffic, const Counters& spent)
    {
        const double requests = static_cast<double>(traffic.requests);
        samples_.push_back(
            {traffic.per_second(), static_cast<double>(spent.cpu_nanoseconds) / 1e3 / requests});
        result_.requests += traffic.requests;
        result_.latency.merge(traffic.latency);
        result_.spent.add_difference({}, spent);
    }

    /// Needs as many rounds of the floor as of this one.
    EchoResult result_against(const Tally& floor) const
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
    std::vector<Sample> samples_;
    EchoResult result_;
};

/// A server in one process, with its connections.
class Contestant {
public:
    Contestant(const EchoServer& server, std::optional<int> processor, unsigned connections,
               Tally& tally)
        : server_(server, processor),
          load_(server_.ports().echo, connections),
          control_(server_.ports().control),
          connections_(connections),
          tally_(tally)
    {}

    void warm_up(std::chrono::nanoseconds time) { drive({time}); }

    void measure(std::chrono::nanoseconds time)
    {
        // The others have had the caches meanwhile: a message on each connection fetches ours back.
        drive({std::chrono::hours(1), connections_});
        const auto before = control_.ask();
        const auto traffic = drive({time});
        Counters spent;
        spent.add_difference(before, control_.ask());
        tally_.add(traffic, spent);
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

    RunningServer server_;
    Load load_;
    Control control_;
    unsigned connections_;
    Tally& tally_;
};

/// Takes the servers through all that is to be measured with so many connections.
class Tournament {
public:
    Tournament(const EchoComparison& comparison, const std::vector<EchoServer>& servers,
               unsigned connections)
        : plan_(comparison.plan),
          processors_(comparison.processors),
          servers_(servers),
          connections_(connections),
          random_(connections)
    {
        for (const auto& server : servers)
            tallies_.emplace_back(server, connections);
    }

    std::vector<EchoResult> run()
    {
        for (unsigned start = 0; start < plan_.starts; ++start)
            run_from_start();
        std::vector<EchoResult> results;
        for (const auto& tally : tallies_)
            results.push_back(tally.result_against(tallies_.front()));
        return results;
    }

private:
    void run_from_start()
    {
        std::vector<std::unique_ptr<Contestant>> contestants;
        for (std::size_t i = 0; i < servers_.size(); ++i)
            contestants.push_back(std::make_unique<Contestant>(servers_[i], processors_.server,
                                                               connections_, tallies_[i]));
        for (const auto& contestant : contestants)
            contestant->warm_up(plan_.warm_up);
        for (unsigned round = 0; round < plan_.rounds; ++round) {
            progress_.show("echo, connections at once: " + std::to_string(connections_) + ", round",
                           ++rounds_done_, plan_.all_rounds());
            std::shuffle(contestants.begin(), contestants.end(), random_);
            for (const auto& contestant : contestants)
                contestant->measure(plan_.slice);
        }
    }

    const EchoPlan& plan_;
    const Processors& processors_;
    const std::vector<EchoServer>& servers_;
    unsigned connections_;
    std::mt19937 random_;  // seeded: the same order in every run, one surprise less
    std::vector<Tally> tallies_;
    unsigned rounds_done_ = 0;
    Progress progress_;
};

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
    stay_on(comparison.processors.load);
    for (const unsigned connections : plan.connections)
        for (auto& result : Tournament(comparison, servers, connections).run())
            comparison.results.push_back(std::move(result));
    return comparison;
}

}
