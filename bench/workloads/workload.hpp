// SPDX-License-Identifier: MIT
#pragma once

#include "bench/servers/servers.hpp"
#include "bench/workloads/load.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// How much to measure.
struct Effort {
    unsigned starts = 3;                    ///< how often all servers are started anew
    unsigned rounds = 5;                    ///< after each start
    std::chrono::milliseconds slice{30};    ///< how long a server is driven in one round
    std::chrono::milliseconds warm_up{30};  ///< driven before the first round, and not counted

    unsigned all_rounds() const { return starts * rounds; }
};

/// A word for one and a word for several.
struct Noun {
    std::string one, several;

    /// "1 connection", "3,000 connections".
    std::string counted(unsigned count) const;
};

/// What servers are compared at: what they do for a connection, what the load asks of them, and
/// what is counted.
struct Workload {
    std::string name;   ///< of the command
    std::string title;  ///< over its results
    std::string what;   ///< what happens, in a phrase
    Service service;
    Noun unit;  ///< what is counted
    Noun size;  ///< what there are so and so many of, from run to run

    std::vector<unsigned> sizes;  ///< unless others are asked for
    unsigned least = 1;           ///< of these
    unsigned besides = 0;         ///< connections that there are beside so many

    /// Units in a slice, however long they take: or the asking before and after would count.
    unsigned least_units = 100;

    /// The load asks for the same at all sizes, so that what a unit costs more is the size's doing.
    bool same_work = false;

    /// Makes the load of one server.
    std::function<std::unique_ptr<Load>(std::uint16_t port, unsigned size)> connect;

    /// Throws std::invalid_argument where that is no size.
    void check(unsigned asked_for) const;

    Effort effort = {};
    Effort brief = {1, 5, std::chrono::milliseconds(20), std::chrono::milliseconds(20)};
};

/// All there are, in the order in which they are measured.
std::vector<Workload> all_workloads();

/// One of them. Throws std::invalid_argument where there is none of that name.
Workload workload_named(const std::string& name);

/// The pieces that all_workloads() is made of, each in the file of its name.
Workload echo_workload();
Workload idle_workload();
Workload stream_workload();
Workload churn_workload();
Workload http_workload();

}
