// SPDX-License-Identifier: MIT
//
// The two halves of a workload one by one, to look at a server with other tools. In one terminal,
// and in another with the ports that the first has printed:
//
//     strace -c -f cogen-bench server --reactor epoll
//     cogen-bench load --port 40123 --control 40124 --connections 64 --seconds 2
//
// compares the system calls counted by strace (end it with Ctrl-C) with the server's own. Both
// take --workload; without, it is echo. With
//
//     valgrind --tool=callgrind cogen-bench server --reactor epoll --plain
//
// and `load --requests 2000`, then again with 12000, the difference of the two instruction counts
// over 10000 is what a request costs in user mode.
#pragma once

#include "bench/workloads/workload.hpp"

#include <ostream>
#include <string>

namespace bench {

struct ByHandServer {
    std::string name;  ///< of a reactor, or floor, ring or libevent
    std::string workload = "echo";
    bool plain = false;
};

/// Prints the ports and serves until a signal ends the process; or after an hour, should it be
/// forgotten. Throws std::invalid_argument where there is no such server, or not for that workload.
void serve_by_hand(const ByHandServer& options);

struct ByHandLoad {
    Ports ports;
    std::string workload = "echo";
    unsigned size = 64;  ///< of connections, most often
    double seconds = 2;
    std::uint64_t units = 0;  ///< instead of the time, where it is not 0
};

/// Drives the server, after a warm-up of one unit on each connection, and prints what came out;
/// with the control port, what the server has spent too.
void load_by_hand(const ByHandLoad& options, std::ostream& out);

}
