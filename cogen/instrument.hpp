// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/clock.hpp"
#include "cogen/coroutine.hpp"
#include "cogen/io_operation.hpp"

#include <optional>

namespace cogen {

/// How long a reactor may wait: not at all (zero), so long, or (none) until something happens.
using Patience = std::optional<Duration>;

/// Is told what happens as it happens: for traces, monitors, profilers. Override what you need.
///
/// Called by the scheduler's thread in the middle of its work: look, do not touch.
class Instrument {
public:
    virtual ~Instrument() = default;

    /// It has a record and a place in the queue, or is called and about to run.
    virtual void spawned(const Coroutine&) noexcept {}

    /// It is about to run, and still in the state that it comes out of: ready, or waiting where the
    /// operation that it yielded last was complete at once and it has not been away.
    virtual void resumed(const Coroutine&) noexcept {}

    /// The operation is not started yet; it may be refused.
    virtual void yielded(const Coroutine&, const Operation&) noexcept {}

    /// It goes to the ready queue, or next, now that the operation is complete; its cause() is why.
    virtual void woken(const Coroutine&, const Operation&) noexcept {}

    /// Whoever waits for its end is woken next.
    virtual void ended(const Record&) noexcept {}

    /// The reactor is about to wait so long, or only to look where that is nothing.
    virtual void before_wait(Patience) noexcept {}
    virtual void after_wait() noexcept {}

    /// One attempt of an operation, and the kernel's answer to it.
    virtual void attempted(const IoOperation&, ssize_t) noexcept {}
};

}
