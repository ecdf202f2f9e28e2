// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/clock.hpp"
#include "cogen/list.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cogen {

/// Something that happens at a point in time. It is the node of the structure that keeps it, and
/// usually part of an operation: arming one allocates nothing.
class Timer : public Hook<> {
public:
    bool armed() const { return linked() || index_ != none; }

protected:
    Timer() = default;
    Timer(const Timer& other) : Hook<>(other) {}  // the copy is not armed
    Timer& operator=(const Timer&) = delete;
    ~Timer() = default;

private:
    friend class Timers;
    static constexpr std::size_t none = SIZE_MAX;

    /// Its time has come; it is no longer armed. Only completes something.
    virtual void expired() = 0;

    Duration delay_{};          // while it is fresh
    std::uint64_t order_ = 0;   // among equal deadlines
    std::size_t index_ = none;  // in the heap
};

/// All timers that are armed: a heap in which each node has four children.
///
/// A delay counts from the end of the turn in which it was asked for. Until then the timer is
/// *fresh*: it waits in a list for settle(), which reads one clock for all. So a delay is never
/// shortened by what its coroutine, or another, did earlier in the turn, and a timer that is set
/// and disarmed within a turn never enters the heap. Equal deadlines expire in the order in which
/// they were armed.
class Timers {
public:
    /// It expires so long after the end of this turn. It must not be armed.
    void arm(Timer& timer, Duration delay);

    /// At a point in time; in the past, as soon as the timers are looked at.
    void arm_at(Timer& timer, TimePoint deadline);

    /// It does not expire. It must be armed.
    void disarm(Timer& timer);

    bool empty() const { return heap_.empty() && fresh_.empty(); }

    /// Some count from the next settle() on.
    bool any_fresh() const { return !fresh_.empty(); }

    /// How long an armed timer has left at `now`; nothing or less where it is due.
    Duration left(const Timer& timer, TimePoint now) const
    {
        if (timer.linked())
            return timer.delay_;
        const TimePoint deadline = heap_[timer.index_].deadline;
        return deadline <= now ? Duration::zero() : deadline - now;
    }

    /// Counts the delays of the fresh timers from `now`.
    void settle(TimePoint now);

    /// The nearest deadline of the settled ones; there must be one.
    TimePoint next() const { return heap_.front().deadline; }

    /// Lets expire what is due at `now`.
    void expire(TimePoint now);

private:
    struct Node {
        TimePoint deadline;
        Timer* timer;
    };

    static bool before(const Node& a, const Node& b)
    {
        return a.deadline < b.deadline
               || (a.deadline == b.deadline && a.timer->order_ < b.timer->order_);
    }

    void place(std::size_t index, Node node)
    {
        heap_[index] = node;
        node.timer->index_ = index;
    }

    void remove(Timer& timer);
    void rise(std::size_t index, Node node);
    void sink(std::size_t index, Node node);

    List<Timer> fresh_;
    std::vector<Node> heap_;
    std::uint64_t armed_ = 0;  // so far
};

}
