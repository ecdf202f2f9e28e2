// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/listener.hpp"

namespace cogen {

/// What Listen may do otherwise: `Listen(endpoint, {.reuse_port = true})`.
struct ListenOptions {
    int backlog = SOMAXCONN;    ///< connections that may wait to be accepted
    bool reuse_address = true;  ///< an address in use a moment ago can be had again
    bool reuse_port = false;    ///< with others who listen here, and each gets some connections
    bool nodelay = true;        ///< accepted TCP connections send small packets at once
};

/// Listens at an endpoint: `Listener listener = yield(Listen({"127.0.0.1", 0}));`. By socket(2),
/// bind(2) and listen(2), whose errors are its own: EADDRINUSE, EACCES, ...
///
/// It is never ended early: who is cancelled before yielding it opens nothing.
class [[nodiscard]] Listen final : public Operation {
public:
    [[nodiscard]] explicit Listen(const Endpoint& endpoint, const ListenOptions& options = {})
        : endpoint_(endpoint), options_(options)
    {}

    /// It is complete as soon as it is started: nothing is left to end early.
    Record* cancel(error_code) override { return nullptr; }

    Listener result()
    {
        throw_if_failed();
        return std::move(listener_);
    }

    std::string describe() const override { return "Listen(" + to_string(endpoint_) + ')'; }

private:
    Coroutine* start(Scheduler& scheduler) override;

    int set_up(Kernel& kernel, Descriptor descriptor) const;

    Endpoint endpoint_;
    ListenOptions options_;
    Listener listener_;
};

}
