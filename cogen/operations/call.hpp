// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/stackful.hpp"

#include <stdexcept>

namespace cogen {

/// Calls a function as a coroutine and waits for it: `auto word = yield(Call(function, "ham"));`
/// It starts at once, past the queue, and so does the caller when it returns. Answers with what it
/// returned, or throws what it threw. Calls may be nested as deep as memory allows: each has a
/// stack of its own.
///
/// Ended early, it has the one called cancelled, and ends when that has ended: what it returns or
/// throws all the same stands. Where the called one was cancelled by somebody else, that is a
/// system_error with errc::cancelled.
template <class F, class... Args>
class [[nodiscard]] Call final : public Record::Joiner {
public:
    using Callee = RecordFor<F, Args...>;
    using Result = typename Callee::Result;

    [[nodiscard]] explicit Call(F function, Args... arguments, Site site = Site::here())
        : callee_(std::move(function), std::move(arguments)...), called_at_(site)
    {}

    Record* cancel(error_code why) override
    {
        why_ = why;
        return &callee_;
    }

    Result result()
    {
        throw_if_failed();
        callee_.throw_unless_returned(*this);
        if constexpr (!std::is_void_v<Result>)
            return std::move(*callee_.value());
    }

    const Record* awaited() const override { return &callee_; }

    std::string describe() const override
    {
        const bool begun = callee_.id() != 0;
        return "Call(" + (begun ? callee_.title() : to_string(called_at_)) + ')';
    }

private:
    Coroutine* start(Scheduler& scheduler) override
    {
        if (callee_.id() != 0)
            throw std::logic_error(describe() + ": a call can be yielded once");
        Coroutine& coroutine = make_coroutine(scheduler, callee_);
        callee_.add(*this);
        scheduler.introduce(coroutine, called_at_);
        return &coroutine;
    }

    Coroutine* joined() override { return complete_now(callee_.cancelled() ? why_ : error_code()); }

    Callee callee_;  // its first reference is ours, and never given up: its memory is here
    Site called_at_;
    error_code why_;  // we were to end early
};

template <class F, class... Args>
Call(F, Args...) -> Call<F, Args...>;

}
