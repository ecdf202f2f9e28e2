// SPDX-License-Identifier: MIT
#pragma once

#include "bench/servers/loopback.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace bench {

/// What a server has spent since it started: processor time and system calls by name.
struct Counters {
    std::uint64_t cpu_nanoseconds = 0;
    std::uint64_t system_nanoseconds = 0;  ///< of these, in the kernel, as far as its ticks tell
    std::map<std::string, std::uint64_t> calls;

    std::uint64_t all_calls() const;

    /// Those by which a loop waits for whatever comes: epoll_wait and the like.
    std::uint64_t waits() const;

    /// Adds what was spent between two states of one server.
    void add_difference(const Counters& before, const Counters& after);
};

/// The processor time of this process so far, all threads; no calls.
Counters own_time();

/// One line of text and back: "cpu_ns 8123 system_ns 8000 recv 2 send 2 epoll_wait 1\n".
std::string to_line(const Counters& counters);
Counters from_line(std::string_view line);

/// The other end of a server's control port: on each byte the server answers with its counters.
/// Thus the warm-up can be subtracted, and one can ask by hand: `echo | nc 127.0.0.1 PORT`.
class Control {
public:
    explicit Control(std::uint16_t port);

    Counters ask();

private:
    OwnedFd fd_;
};

}
