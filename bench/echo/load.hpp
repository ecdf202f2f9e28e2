// SPDX-License-Identifier: MIT
#pragma once

#include "bench/echo/loopback.hpp"
#include "bench/histogram.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

namespace bench {

/// When to send no more: after so long or after so many requests, whatever comes first.
struct Limit {
    std::chrono::nanoseconds time = std::chrono::hours(1);
    std::uint64_t requests = std::numeric_limits<std::uint64_t>::max();
};

/// What became of it.
struct Traffic {
    std::uint64_t requests = 0;
    std::chrono::nanoseconds elapsed{0};
    Histogram latency;

    double per_second() const;
};

/// The load on an echo server: connections with one 64-byte message under way on each, sent again
/// as soon as it is back. It works as hard as the server, so the requests per second are the pair's
/// figure; what the server alone spends is in its counters.
class Load {
public:
    Load(std::uint16_t port, unsigned connections);

    /// Keeps all connections busy up to the limit, then waits for the replies that are due, so that
    /// the server is idle when this returns. Throws when a reply is wrong or late by ten seconds.
    Traffic drive(Limit limit);

private:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t message_size = 64;

    struct Connection {
        OwnedFd fd;
        std::array<char, message_size> message;
        std::size_t received = 0;
        Clock::time_point sent_at;
    };

    void send(Connection& connection, Clock::time_point now);
    bool receive(Connection& connection);

    std::vector<Connection> connections_;
    OwnedFd epoll_;
};

}
