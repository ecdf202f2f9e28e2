// SPDX-License-Identifier: MIT
#pragma once

#include "bench/echo/counters.hpp"
#include "bench/echo/servers.hpp"
#include "bench/histogram.hpp"
#include "bench/processors.hpp"
#include "bench/statistics.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace bench {

/// How much to measure.
struct EchoPlan {
    std::vector<unsigned> connections{1, 64, 512};
    unsigned starts = 5;                     ///< how often all servers are started anew
    unsigned rounds = 8;                     ///< after each start
    std::chrono::milliseconds slice{50};     ///< how long a server is driven in one round
    std::chrono::milliseconds warm_up{100};  ///< driven before the first round, and not counted

    unsigned all_rounds() const { return starts * rounds; }
};

/// What one server did at one number of connections.
struct EchoResult {
    std::string server;
    Kind kind;
    unsigned connections = 0;
    Spread requests_per_second;
    Spread cpu_microseconds;  ///< of the server, per request
    Spread ratio;             ///< of that to the floor's in the same round
    Histogram latency;
    std::uint64_t requests = 0;
    Counters spent;  ///< in all rounds together

    double calls_per_request() const;  ///< 0 where the server does not count them
};

/// The whole comparison.
struct EchoComparison {
    EchoPlan plan;
    Processors processors;
    std::vector<EchoResult> results;  ///< by connections, then in the servers' order
};

/// Drives the servers against each other. All of them are up at once, each in a process of its own,
/// and asleep but for the one whose turn it is: in every round each gets one slice, in random
/// order, so that what else happens on the machine happens to all of them alike.
EchoComparison compare_echo(const std::vector<EchoServer>& servers, const EchoPlan& plan);

}
