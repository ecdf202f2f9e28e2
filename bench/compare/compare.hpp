// SPDX-License-Identifier: MIT
#pragma once

#include "bench/histogram.hpp"
#include "bench/processors.hpp"
#include "bench/servers/counters.hpp"
#include "bench/servers/servers.hpp"
#include "bench/statistics.hpp"
#include "bench/workloads/workload.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bench {

/// What one server did at one size of a workload. A unit is the workload's.
struct Result {
    std::string server;
    Kind kind;
    unsigned size = 0;
    Spread per_second;        ///< units
    Spread cpu_microseconds;  ///< of the server, per unit
    Spread ratio;             ///< of that to the floor's in the same round
    Histogram latency;
    std::uint64_t units = 0;
    Counters spent;                  ///< in all rounds together
    std::vector<double> cpu_rounds;  ///< cpu_microseconds, round by round, as all had them

    double calls_per_unit() const;  ///< 0 where the server does not count them
    double waits_per_unit() const;
    double system_microseconds() const;  ///< the kernel's part, per unit, in all rounds together
};

/// Who was not measured, and why.
struct Absence {
    std::string server;            ///< empty: none was
    std::optional<unsigned> size;  ///< none: at any
    std::string why;
};

/// How the servers compare at one workload.
struct Comparison {
    Workload workload;
    Processors processors;
    std::vector<Result> results = {};  ///< by size, then in the servers' order
    std::vector<Absence> absences = {};
};

/// Drives the servers, the first of which is the floor, against each other, at each of the
/// workload's sizes. All of them are up at once, each in a process of its own, and asleep but for
/// the one whose turn it is: in every round each gets one slice, in random order, so that what else
/// happens on the machine happens to all of them alike. Throws where a server fails; one that gives
/// up before it is measured, and says why, is absent.
Comparison compare(const Workload& workload, const std::vector<Server>& servers);

}
