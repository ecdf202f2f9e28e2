// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/scheduler.hpp"
#include "cogen/scope.hpp"
#include "cogen/timers.hpp"

namespace cogen {

/// A time by which a coroutine is to have left the block that this stands in. When it is over, what
/// the coroutine waits for is asked to end, and its yields throw LeaveScope until it has left.
class Deadline final : public Scope, private Timer {
public:
    template <class Rep, class Period>
    Deadline(Coroutine& coroutine, std::chrono::duration<Rep, Period> duration)
        : Scope(coroutine, Kind::deadline)
    {
        timers().arm(*this, saturated(duration));
    }
    Deadline(Coroutine& coroutine, TimePoint until) : Scope(coroutine, Kind::deadline)
    {
        timers().arm_at(*this, until);
    }
    ~Deadline()
    {
        if (armed())
            timers().disarm(*this);
    }

    /// What is left of it; nothing or less when it is over.
    Duration left() const
    {
        return armed() ? timers().left(*this, coroutine().scheduler().now()) : Duration::zero();
    }

private:
    Timers& timers() const { return coroutine().scheduler().timers(); }
    void expired() override { pass(); }
};

}
