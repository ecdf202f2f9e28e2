// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/scheduler.hpp"

#include <optional>

namespace cogen {

/// Who goes first when an operation wakes or starts others:
/// `yield(Signal("bar") | priority::first)`.
///
///                          the others go            the one who yields goes
///     priority::last       last, after all ready    after them
///     priority::coro       last, after all ready    on at once
///     priority::op         ahead of all ready       last, after all ready
///     priority::first      ahead of all ready       on at once
///
/// The others keep their order among each other. Without a word it is `last`.
class Priority {
public:
    constexpr Priority(bool others_ahead, bool yielder_at_once)
        : others_ahead_(others_ahead), yielder_at_once_(yielder_at_once)
    {}

    bool others_ahead() const { return others_ahead_; }
    bool yielder_at_once() const { return yielder_at_once_; }

    /// Calls `wake`, which wakes or spawns the others.
    template <class Wake>
    void apply(Scheduler& scheduler, Wake&& wake) const
    {
        std::optional<Scheduler::Ahead> ahead;
        if (others_ahead_)
            ahead.emplace(scheduler);
        wake();
    }

    /// An adaptor: gives it to an operation that has one.
    template <class Op>
        requires requires(Op& op, Priority p) { op.set_priority(p); }
    Op operator()(Op&& operation) const
    {
        operation.set_priority(*this);
        return std::forward<Op>(operation);
    }

private:
    bool others_ahead_;
    bool yielder_at_once_;
};

namespace priority {

inline constexpr Priority last{false, false};
inline constexpr Priority coro{false, true};
inline constexpr Priority op{true, false};
inline constexpr Priority first{true, true};

}

}
