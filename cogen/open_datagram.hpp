// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/datagram_socket.hpp"

namespace cogen {

/// What BindDatagram may do otherwise: `BindDatagram(endpoint, {.reuse_port = true})`.
struct DatagramOptions {
    bool reuse_port = false;  ///< with others who are bound here, and each gets some datagrams
};

/// Opens a socket for datagrams that arrive at an endpoint, by socket(2) and bind(2), whose errors
/// are its own: `DatagramSocket socket = yield(BindDatagram({"127.0.0.1", 0}));`.
///
/// It is never ended early: who is cancelled before yielding it opens nothing.
class [[nodiscard]] BindDatagram final : public Operation {
public:
    [[nodiscard]] explicit BindDatagram(const Endpoint& endpoint,
                                        const DatagramOptions& options = {})
        : endpoint_(endpoint), options_(options)
    {}

    /// It is complete as soon as it is started: nothing is left to end early.
    Record* cancel(error_code) override { return nullptr; }

    DatagramSocket result()
    {
        throw_if_failed();
        return std::move(socket_);
    }

    std::string describe() const override { return "BindDatagram(" + to_string(endpoint_) + ')'; }

private:
    Coroutine* start(Scheduler& scheduler) override;

    Endpoint endpoint_;
    DatagramOptions options_;
    DatagramSocket socket_;
};

/// Opens a socket for datagrams to one peer and from it, by socket(2) and connect(2), and bind(2)
/// where it is to have an address of its own: `yield(ConnectDatagram({"127.0.0.1", 53}))`. A peer
/// in the network is not asked whether it is there; a Unix socket must be. It answers only a Unix
/// socket that has an address.
///
/// It is never ended early: who is cancelled before yielding it opens nothing.
class [[nodiscard]] ConnectDatagram final : public Operation {
public:
    [[nodiscard]] explicit ConnectDatagram(const Endpoint& peer, const Endpoint& local = {})
        : peer_(peer), local_(local)
    {}

    /// It is complete as soon as it is started: nothing is left to end early.
    Record* cancel(error_code) override { return nullptr; }

    DatagramSocket result()
    {
        throw_if_failed();
        return std::move(socket_);
    }

    std::string describe() const override { return "ConnectDatagram(" + to_string(peer_) + ')'; }

private:
    Coroutine* start(Scheduler& scheduler) override;

    Endpoint peer_;
    Endpoint local_;
    DatagramSocket socket_;
};

}
