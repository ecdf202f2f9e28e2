// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/adaptor.hpp"
#include "cogen/scheduler.hpp"
#include "cogen/timers.hpp"
#include "cogen/wrapper.hpp"

namespace cogen {

/// An operation that has only so much time: `yield(socket.read(buffer) | within(2s))`, or that
/// must not stand still for so long: `yield(socket.write(data) | idle_limit(2s))`.
///
/// When the time is over the operation is asked to end; when it has ended, this ends too, with
/// errc::timed_out, which result() throws as a TimeoutError. If it succeeds nevertheless, its
/// result stands: nothing is lost. So it never ends early, and at most a turn late where the
/// operation lets go at once; a called coroutine ends when it has cleaned up.
///
/// Nothing or less is time enough for what can be had at once. The time of the socket, or of the
/// scheduler, does not count beside this one. Cancelled, it ends as the operation does; cancelled
/// when its time is over and the operation has not let go yet, it has timed out all the same.
template <class Op>
class [[nodiscard]] Within final : public Wrapper<Op>, private Timer {
public:
    /// Since when the time counts: its start, or the last time that it got on.
    enum class Counts : bool { from_start, from_progress };

    Within(Op&& operation, Duration duration, Counts counts)
        : Wrapper<Op>(std::forward<Op>(operation)), duration_(duration), counts_(counts)
    {}

    Record* cancel(error_code why) override
    {
        return std::exchange(asked_, true) ? nullptr : Wrapper<Op>::cancel(why);
    }

    decltype(auto) result()
    {
        if (expired_)
            this->throw_if_failed();
        return Wrapper<Op>::result();
    }

    std::string describe() const override
    {
        const char* const name = counts_ == Counts::from_start ? " | within(" : " | idle_limit(";
        return Wrapper<Op>::describe() + name + to_string(duration_) + ')';
    }

private:
    Coroutine* start(Scheduler& scheduler) override
    {
        scheduler_ = &scheduler;
        asked_ = expired_ = false;
        Coroutine* const next = Wrapper<Op>::start(scheduler);
        if (!this->ended())
            scheduler.timers().arm(*this, duration_);
        return next;
    }

    void on_end() override
    {
        if (armed())
            scheduler_->timers().disarm(*this);
    }

    void on_progress(Operation& operation) override
    {
        if (counts_ == Counts::from_progress && armed()) {
            scheduler_->timers().disarm(*this);
            scheduler_->timers().arm(*this, duration_);
        }
        Wrapper<Op>::on_progress(operation);
    }

    void limit(Duration) override {}  // ours holds

    void expired() override
    {
        expired_ = true;
        if (Record* const callee = cancel(errc::timed_out))
            scheduler_->cancel(*callee);
    }

    Duration duration_;
    Counts counts_;
    Scheduler* scheduler_ = nullptr;
    bool asked_ = false;  // to end early
    bool expired_ = false;
};

/// See Within.
template <class Rep, class Period>
auto within(std::chrono::duration<Rep, Period> duration)
{
    return [duration = saturated(duration)]<Yieldable Op>(Op&& operation) {
        return Within<Op>(std::forward<Op>(operation), duration, Within<Op>::Counts::from_start);
    };
}

/// The same, but the time starts anew whenever the operation gets on: for a large Write, say.
template <class Rep, class Period>
auto idle_limit(std::chrono::duration<Rep, Period> duration)
{
    return [duration = saturated(duration)]<Yieldable Op>(Op&& operation) {
        return Within<Op>(std::forward<Op>(operation), duration, Within<Op>::Counts::from_progress);
    };
}

}
