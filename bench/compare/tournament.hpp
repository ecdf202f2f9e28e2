// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"
#include "bench/terminal.hpp"

#include <memory>
#include <random>
#include <vector>

namespace bench {

/// What was measured of a server so far, in however many processes.
class Tally {
public:
    Tally(const Server& server, unsigned size);

    const Server& server() const { return server_; }

    void add(const Traffic& traffic, const Counters& spent);

    /// Needs as many rounds of the floor as of this one.
    Result result_against(const Tally& floor) const;

private:
    Server server_;
    std::vector<double> per_second_;
    Result result_;
};

/// Takes the servers through all that is to be measured at one size of a workload.
class Tournament {
public:
    Tournament(const Workload& workload, const Processors& processors,
               const std::vector<Server>& servers, unsigned size);
    ~Tournament();

    std::vector<Result> run();

    /// Those who had to leave it.
    const std::vector<Absence>& absences() const { return absences_; }

private:
    class Contestant;

    void run_from_start();
    std::vector<std::unique_ptr<Contestant>> start_all();
    template <class Begin>
    bool stays(const Tally& tally, const Begin& begin);

    const Workload& workload_;
    const Processors& processors_;
    unsigned size_;
    std::mt19937 random_;  // seeded: the same order in every run, one surprise less
    std::vector<std::unique_ptr<Tally>> tallies_;
    std::vector<Absence> absences_;
    unsigned rounds_done_ = 0;
    Progress progress_;
};

}
