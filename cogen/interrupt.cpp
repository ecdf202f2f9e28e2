// SPDX-License-Identifier: MIT
//
// How coroutines are interrupted: by a cancellation, an exception that somebody raises in them, or
// a deadline. All three come down to the same: what the coroutine waits for is asked to end, once,
// and its next yields are refused until it has gone where it is wanted.
#include "cogen/scheduler.hpp"

#include <cstdio>
#include <cstdlib>

namespace cogen {
namespace {

constexpr unsigned char refusals_max = 100;  // of somebody who will not be interrupted

}

void Scheduler::cancel(Record& record)
{
    for (Record* next = &record; next;) {
        Coroutine* const coroutine = next->coroutine();
        if (!coroutine || coroutine->cancelled_)
            return;
        coroutine->cancelled_ = true;
        coroutine->look_for_interruption();
        next = coroutine->interrupted_ ? end_early(*coroutine, errc::cancelled) : nullptr;
    }
}

void Scheduler::raise(Record& record, std::exception_ptr exception)
{
    Coroutine* const coroutine = record.coroutine();
    if (!coroutine || coroutine->from_others_)
        return;
    coroutine->from_others_ = std::move(exception);
    interrupt(*coroutine);
}

void Scheduler::interrupt(Coroutine& coroutine)
{
    coroutine.look_for_interruption();
    if (!coroutine.interrupted_)
        return;
    if (Record* const callee = end_early(coroutine, errc::cancelled))
        cancel(*callee);
}

/// Asks what the coroutine waits for to end, once. Answers with whom must be cancelled for that.
Record* Scheduler::end_early(Coroutine& coroutine, error_code why)
{
    if (coroutine.state_ != State::waiting)
        return nullptr;
    coroutine.state_ = State::ending;
    return coroutine.operation_->cancel(why);
}

void Coroutine::limit(Duration duration)
{
    limited_ = true;
    scheduler_->timers_.arm(limit_, duration);
}

void Coroutine::Limit::expired()
{
    coroutine_.limited_ = false;
    Scheduler& scheduler = *coroutine_.scheduler_;
    if (Record* const callee = scheduler.end_early(coroutine_, errc::timed_out))
        scheduler.cancel(*callee);
}

void Scope::pass()
{
    passed_ = true;
    coroutine_.scheduler_->interrupt(coroutine_);
}

/// An interrupted coroutine gets nothing any more but its interruption, over and over.
Coroutine* Scheduler::refuse(Coroutine& coroutine, Operation& operation)
{
    count_refusal(coroutine, operation);
    operation.refuse(coroutine, errc::cancelled);
    return &coroutine;
}

void Scheduler::count_refusal(Coroutine& coroutine, const Operation& operation)
{
    if (++coroutine.refusals_ <= refusals_max)
        return;
    std::fprintf(stderr,
                 "cogen: coroutine %s was to end, or its time was over, and it has "
                 "swallowed that %d times; the last time at %s, yielded at %s\n",
                 coroutine.record().title().c_str(), refusals_max, operation.describe().c_str(),
                 to_string(operation.site()).c_str());
    std::abort();
}

/// Until nobody is left. Whoever is spawned meanwhile is cancelled before it begins.
void Scheduler::cancel_all()
{
    ending_ = true;
    stopped_ = false;
    cause_ = Cause(Cause::Kind::scheduler);
    for (Record& record : alive_)
        cancel(record);
    cause_ = Cause(Cause::Kind::outside);
    while (!alive_.empty() || !inbox_.empty()) {
        if (!alive())
            cancel_stuck();
        turn_once();
    }
    ending_ = false;
}

/// Those who are left clean up, in shields, and wait for what can no longer happen. What they wait
/// for ends; if they then wait again, it goes on like that, but not for ever.
void Scheduler::cancel_stuck()
{
    bool any = false;
    cause_ = Cause(Cause::Kind::scheduler);
    for (Record& record : alive_) {
        Coroutine& coroutine = *record.coroutine_;
        if (coroutine.state_ != State::waiting)
            continue;
        count_refusal(coroutine, *coroutine.operation_);
        end_early(coroutine, errc::cancelled);  // if it waits for another, that is one of these
        any = true;
    }
    cause_ = Cause(Cause::Kind::outside);
    if (any)
        return;
    const Coroutine& coroutine = *alive_.front().coroutine_;
    std::fprintf(stderr, "cogen: %s, which coroutine %s waits for, was to end, and never did\n",
                 coroutine.operation_->describe().c_str(), coroutine.record().title().c_str());
    std::abort();
}

}
