// SPDX-License-Identifier: MIT
#include "bench/compare/tournament.hpp"

#include "bench/servers/running_server.hpp"

#include <algorithm>
#include <type_traits>

namespace bench {

/// A server in one process, with its load.
class Tournament::Contestant {
public:
    Contestant(const Workload& workload, std::optional<int> processor, Tally& tally)
        : workload_(workload), tally_(tally), server_(tally.server(), workload.service, processor)
    {}

    const Tally& tally() const { return tally_; }

    void connect(unsigned size)
    {
        load_ = explained([&] { return workload_.connect(server_.ports().service, size); });
        control_ = std::make_unique<Control>(server_.ports().control);
    }

    void warm_up(std::chrono::nanoseconds time) { drive({time}); }

    void measure(std::chrono::nanoseconds time)
    {
        // The others have had the caches meanwhile: a unit on each connection fetches ours back.
        drive({std::chrono::hours(1), load_->at_once()});
        const auto before = control_->ask();
        const auto traffic = drive({.time = time, .least = workload_.least_units});
        Counters spent;
        spent.add_difference(before, control_->ask());
        tally_.add(traffic, spent);
    }

private:
    Traffic drive(Limit limit)
    {
        return explained([&] { return load_->drive(limit); });
    }

    /// What `act` answers; where it fails, what the server has to say to that is thrown instead.
    template <class Act>
    std::invoke_result_t<Act> explained(const Act& act)
    {
        try {
            return act();
        } catch (const std::exception& problem) {
            server_.explain(problem);
        }
    }

    const Workload& workload_;
    Tally& tally_;
    RunningServer server_;
    std::unique_ptr<Load> load_;
    std::unique_ptr<Control> control_;
};

std::vector<Result> Tournament::run()
{
    for (unsigned start = 0; start < workload_.effort.starts; ++start)
        run_from_start();
    std::vector<Result> results;
    for (const auto& tally : tallies_)
        results.push_back(tally->result_against(*tallies_.front()));
    return results;
}

void Tournament::run_from_start()
{
    auto contestants = start_all();
    for (unsigned round = 0; round < workload_.effort.rounds; ++round) {
        progress_.show(workload_.title + ", " + workload_.size.counted(size_) + ", round",
                       ++rounds_done_, workload_.effort.all_rounds());
        std::shuffle(contestants.begin(), contestants.end(), random_);
        for (const auto& contestant : contestants)
            contestant->measure(workload_.effort.slice);
    }
}

/// Those who are up, connected and warm. All processes come first: they would inherit the
/// connections of the load, and their own descriptors would have higher numbers.
std::vector<std::unique_ptr<Tournament::Contestant>> Tournament::start_all()
{
    std::vector<std::unique_ptr<Contestant>> contestants;
    std::erase_if(tallies_, [&](const auto& tally) {
        return !stays(*tally, [&] {
            contestants.push_back(
                std::make_unique<Contestant>(workload_, processors_.server, *tally));
        });
    });
    std::erase_if(contestants, [this](const auto& contestant) {
        const bool stay = stays(contestant->tally(), [&] {
            contestant->connect(size_);
            contestant->warm_up(workload_.effort.warm_up);
        });
        if (!stay)
            std::erase_if(tallies_,
                          [&](auto& tally) { return tally.get() == &contestant->tally(); });
        return !stay;
    });
    return contestants;
}

/// Whether it can do this. One that gives up is absent from now on.
template <class Begin>
bool Tournament::stays(const Tally& tally, const Begin& begin)
{
    try {
        begin();
        return true;
    } catch (const GaveUp& end) {
        if (tally.server().kind == Kind::floor)
            throw;  // nobody can be measured without it
        absences_.push_back({tally.server().name, size_, end.why});
        return false;
    }
}

Tournament::Tournament(const Workload& workload, const Processors& processors,
                       const std::vector<Server>& servers, unsigned size)
    : workload_(workload), processors_(processors), size_(size), random_(size)
{
    for (const auto& server : servers)
        tallies_.push_back(std::make_unique<Tally>(server, size));
}

Tournament::~Tournament() = default;

Tally::Tally(const Server& server, unsigned size) : server_(server)
{
    result_.server = server.name;
    result_.kind = server.kind;
    result_.size = size;
}

void Tally::add(const Traffic& traffic, const Counters& spent)
{
    per_second_.push_back(traffic.per_second());
    result_.cpu_rounds.push_back(static_cast<double>(spent.cpu_nanoseconds) / 1e3
                                 / static_cast<double>(traffic.units));
    result_.units += traffic.units;
    result_.latency.merge(traffic.latency);
    result_.spent.add_difference({}, spent);
}

Result Tally::result_against(const Tally& floor) const
{
    std::vector<double> ratios;
    for (std::size_t round = 0; round < result_.cpu_rounds.size(); ++round)
        ratios.push_back(result_.cpu_rounds[round] / floor.result_.cpu_rounds[round]);
    Result result = result_;
    result.per_second = spread_of(per_second_);
    result.cpu_microseconds = spread_of(result.cpu_rounds);
    result.ratio = spread_of(std::move(ratios));
    return result;
}

}
