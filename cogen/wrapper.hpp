// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operation.hpp"

#include <utility>

namespace cogen {

/// An operation that adds something to another, for which it waits: as it stands here, nothing.
/// `Op` is a type, and then it is kept in here, or a reference to one that somebody else keeps.
template <class Op>
class Wrapper : public Operation, private Waiter {
public:
    Record* cancel(error_code why) override { return operation_.cancel(why); }

    decltype(auto) result()
    {
        if (!std::exchange(ended_, false))  // then we were refused, and it has not been started
            throw_if_failed();
        return operation_.result();
    }

    /// What it has come to so far, where the other can tell that of itself.
    decltype(auto) so_far() const requires requires(const Op& op) { op.so_far(); }
    {
        return operation_.so_far();
    }

    /// Goes to the other, where that has one.
    template <class Priority>
    void set_priority(Priority priority) requires requires(Op& op)
    {
        op.set_priority(priority);
    }
    {
        operation_.set_priority(priority);
    }

    const Record* awaited() const override { return operation_.awaited(); }
    std::string describe() const override { return operation_.describe(); }

protected:
    explicit Wrapper(Op&& operation) : operation_(std::forward<Op>(operation)) {}
    Wrapper(const Wrapper&) = default;
    Wrapper(Wrapper&&) = default;
    ~Wrapper() = default;

    Coroutine* start(Scheduler& scheduler) override
    {
        ended_ = false;
        return operation_.start_for(*this, scheduler);
    }

    /// Whether the other is complete, since we were started.
    bool ended() const { return ended_; }

    /// The other is complete, and so are we as soon as this returns.
    virtual void on_end() {}

    void on_progress(Operation&) override { progressed(); }
    void limit(Duration duration) override { waiter().limit(duration); }

private:
    void on_complete(Operation& operation) final
    {
        ended_ = true;
        on_end();
        complete(operation.error());
    }

    Coroutine* go_on_after(Operation& operation) final
    {
        ended_ = true;
        on_end();
        return complete_now(operation.error());
    }

    void raise() final { waiter().raise(); }

    Op operation_;
    bool ended_ = false;  // and its result not asked for
};

}
