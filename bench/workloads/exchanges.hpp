// SPDX-License-Identifier: MIT
#pragma once

#include "bench/owned_fd.hpp"
#include "bench/workloads/load.hpp"
#include "bench/workloads/ready.hpp"

#include <string>
#include <vector>

namespace bench {

/// What is sent, and what must come back to the letter.
struct Exchange {
    std::string request, reply;
};

/// Connections with one request under way on each, sent again as soon as its reply is there.
class Exchanges final : public Load {
public:
    /// As many connections as `exchanges`, one after the other. Where `active` is less, only so
    /// many of them are used after each has had two requests answered: the others stay idle, the
    /// server has them all, and waits for all of them.
    Exchanges(std::uint16_t port, std::vector<Exchange> exchanges, unsigned active);

    unsigned at_once() const override { return active_; }
    Traffic drive(Limit limit) override { return drive(limit, active_); }

private:
    struct Connection {
        OwnedFd fd;
        Exchange exchange;
        std::size_t received = 0;
        Clock::time_point sent_at;
    };

    Traffic drive(Limit limit, unsigned active);
    static void send(Connection& connection, Clock::time_point now);
    static bool receive(Connection& connection);

    std::vector<Connection> connections_;
    Ready ready_;
    unsigned active_;
};

/// A message of 64 bytes, and the same back: what the echo server does. They differ by `number`.
Exchange echo_exchange(unsigned number);

/// So many of them.
std::vector<Exchange> echo_exchanges(unsigned count);

}
