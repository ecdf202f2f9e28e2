// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/listener.hpp"

namespace cogen {

/// Listens at an endpoint: `Listener listener = yield(Listen({"127.0.0.1", 0}));`. By socket(2),
/// bind(2) and listen(2), whose errors are its own: EADDRINUSE, EACCES, ... A port that was in use
/// a moment ago can be had again (SO_REUSEADDR); accepted TCP connections send small packets at
/// once (TCP_NODELAY).
///
/// It is never ended early: who is cancelled before yielding it opens nothing.
class Listen final : public Operation {
public:
    explicit Listen(const Endpoint& endpoint) : endpoint_(endpoint) {}

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

    Endpoint endpoint_;
    Listener listener_;
};

}
