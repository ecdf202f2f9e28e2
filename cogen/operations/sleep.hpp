// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/clock.hpp"
#include "cogen/scheduler.hpp"
#include "cogen/timers.hpp"

#include <optional>

namespace cogen {

/// Lets the others run for a while: `yield(Sleep(100ms));`, or until a point in time:
/// `yield(Sleep(deadline));`. It wakes no earlier, and no later than the turn in which the time is
/// up. With nothing or less to sleep, everybody who is ready runs first, once.
///
/// Ended early, it no longer sleeps; one whose time was up first has slept.
class [[nodiscard]] Sleep final : public Operation, private Timer {
public:
    template <class Rep, class Period>
    [[nodiscard]] explicit Sleep(std::chrono::duration<Rep, Period> duration)
        : duration_(saturated(duration))
    {}
    [[nodiscard]] explicit Sleep(TimePoint until) : until_(until) {}

    Record* cancel(error_code why) override
    {
        timers_->disarm(*this);
        complete(why);
        return nullptr;
    }

    void result() const { throw_if_failed(); }
    std::string describe() const override
    {
        return until_ ? "Sleep(until a point in time)" : "Sleep(" + to_string(duration_) + ')';
    }

private:
    Coroutine* start(Scheduler& scheduler) override
    {
        timers_ = &scheduler.timers();
        if (until_)
            timers_->arm_at(*this, *until_);
        else
            timers_->arm(*this, duration_);
        return nullptr;
    }

    void expired() override { complete(); }

    Duration duration_{};
    std::optional<TimePoint> until_;
    Timers* timers_ = nullptr;
};

}
