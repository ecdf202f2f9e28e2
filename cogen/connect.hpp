// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/endpoint.hpp"
#include "cogen/socket.hpp"

namespace cogen {

/// Connects to an endpoint, as socket(2) and connect(2) do, and answers with the Socket:
/// `Socket socket = yield(Connect({"127.0.0.1", 9000}));`. TCP connections send small packets at
/// once (TCP_NODELAY). What goes wrong is the system's error: ECONNREFUSED, ENETUNREACH, ...
///
/// Ended early, it gives the attempt up, and at its own end closes what it had opened; the peer may
/// see a connection that comes and goes. Once it is connected, its Socket is delivered.
class [[nodiscard]] Connect final : public IoOperation {
public:
    [[nodiscard]] explicit Connect(const Endpoint& endpoint)
        : IoOperation({}, Interest::write), endpoint_(endpoint)
    {}

    ssize_t attempt(Kernel& kernel) noexcept override;

    bool advance(ssize_t answer) noexcept override { return answer < 0 ? failed(answer) : true; }

    Socket result()
    {
        throw_if_failed();
        return std::move(socket_);
    }

    std::string describe() const override;

private:
    Coroutine* start(Scheduler& scheduler) override;

    Endpoint endpoint_;
    Socket socket_;
    bool under_way_ = false;
};

}
