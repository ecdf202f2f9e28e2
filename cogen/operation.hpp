// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/clock.hpp"
#include "cogen/error.hpp"
#include "cogen/site.hpp"

#include <concepts>
#include <string>
#include <type_traits>

namespace cogen {

class Coroutine;
class Record;
class Scheduler;
class Waiter;

//    coroutine                 scheduler                     reactor, timers, other coroutines
//        |   yield(op)             |                                  |
//        |------------------------>|   op.start(scheduler)            |
//        |                         |--------------------------------->|
//        |                         |                                  :   later
//        |                         |   op.complete()  (only queues)   |
//        |        op.result()      |<---------------------------------|
//        |<------------------------|
//
/// What a coroutine yields: a request to its scheduler, with room for the answer.
///
/// A subclass says how it starts, how it is asked to end early, what it is called, and what its
/// result() is. It is a plain value until it is started. From then on others hold its address, so
/// it stays where it is until it is complete; a temporary in a yield expression does. Until then
/// nobody else may yield it; afterwards it may be yielded again, unless its class says otherwise.
class Operation {
public:
    /// Starts on behalf of `waiter`, who hears of the end exactly once. Answers with the coroutine
    /// to run next: the waiter's own where the operation is complete already, a called one, or null
    /// where the scheduler goes on with its queue.
    Coroutine* start_for(Waiter& waiter, Scheduler& scheduler)
    {
        waiter_ = &waiter;
        error_ = {};
        return start(scheduler);
    }

    /// Fails with `why` instead of being started; `waiter` goes on at once.
    void refuse(Waiter& waiter, error_code why)
    {
        waiter_ = &waiter;
        error_ = why;
    }

    /// Asks for an early end, for the reason given; whoever waits for it asks once. The end itself
    /// comes through complete(), now or later, once nobody holds our address. A success that was
    /// faster wins. Answers with the record of a coroutine that must be cancelled for this to end,
    /// or null: so a chain of calls, however long, is cancelled by a loop.
    virtual Record* cancel(error_code why) = 0;

    /// Ends the operation. Only queues the waiter and runs none of its code, so that completing
    /// never recurses, whatever completes whatever.
    void complete();
    void complete(error_code error)
    {
        error_ = error;
        complete();
    }

    /// How it ended: no error means success.
    const error_code& error() const { return error_; }

    /// The coroutine whose end it waits for, if it waits for one.
    virtual const Record* awaited() const { return nullptr; }

    /// Itself in words: "Sleep(10ms)", "Read(fd 7, 4096 bytes)".
    virtual std::string describe() const = 0;

    /// Where it was yielded.
    Site site() const { return site_; }

    /// For the front end, before it hands the operation over.
    void yielded_at(Site site) { site_ = site; }

protected:
    Operation() = default;
    Operation(const Operation&) = default;
    Operation& operator=(const Operation&) = default;
    ~Operation() = default;  // nobody owns an operation but the stack that it lies on

    /// Arranges for complete() to be called, now or later; then answers null. Where it is complete
    /// before start() returns, it may answer complete_now() instead, which saves the queue. What it
    /// throws is thrown by the yield, and nothing must come of it later.
    virtual Coroutine* start(Scheduler& scheduler) = 0;

    /// Ends the operation and answers with the coroutine that goes on: for whoever may pass it on
    /// to the scheduler, who runs it next.
    Coroutine* complete_now();
    Coroutine* complete_now(error_code error)
    {
        error_ = error;
        return complete_now();
    }

    /// For what ends later, or is told of its end by another.
    void set_error(error_code error) { error_ = error; }

    /// It is not complete, but further than it was.
    void progressed();

    Waiter& waiter() const { return *waiter_; }

    /// For result(): the failure surfaces in the coroutine that asked.
    void throw_if_failed() const
    {
        if (error_.failed()) [[unlikely]]
            throw_failure();
    }

private:
    [[noreturn]] void throw_failure() const;

    Waiter* waiter_ = nullptr;
    error_code error_;
    Site site_;
};

/// Who waits for an operation: a coroutine, or an operation that wraps another.
class Waiter {
public:
    /// The operation is complete: queue whoever goes on.
    virtual void on_complete(Operation& operation) = 0;

    /// The same when the scheduler is at hand and can run someone at once: answers with whom.
    virtual Coroutine* go_on_after(Operation& operation) = 0;

    /// The operation is further than it was.
    virtual void on_progress(Operation&) {}

    /// The operation has a time-out of its own: it is to be ended with errc::timed_out if it is not
    /// complete after so long. A waiter that minds the time itself lets that pass.
    virtual void limit(Duration) = 0;

    /// Throws the exception that errc::raised or errc::cancelled stands for.
    [[noreturn]] virtual void raise() = 0;

protected:
    ~Waiter() = default;
};

inline void Operation::complete() { waiter_->on_complete(*this); }

inline Coroutine* Operation::complete_now() { return waiter_->go_on_after(*this); }

inline void Operation::progressed() { waiter_->on_progress(*this); }

/// What may stand in `yield(...)`: an operation, temporary or named, that has a result().
template <class Op>
concept Yieldable = std::derived_from<std::remove_reference_t<Op>, Operation> && requires(
    std::remove_reference_t<Op>& op)
{
    op.result();
};

}
