#pragma once

#include "tests/differential/stage.hpp"

#include <cstdint>

namespace differential {

/// What a step `raise` has another coroutine throw.
class Raised : public std::exception {};

/// Plays one coroutine of a program, and writes down how each of its steps ends.
class Actor {
public:
    Actor(Stage& stage, int self) : stage_(stage), self_(self) {}

    /// Begins as a coroutine of its own, unless it has begun already, or is about to.
    void begin();

    const cogen::Handle<int>& handle() const { return handle_; }
    const std::vector<std::string>& log() const { return log_; }

    /// It has begun, and not come to its end.
    bool alive() const { return begun_ && !over_; }
    bool failed() const { return failed_ || (handle_ && handle_.failed()); }

    /// What it waits for, if that is a descriptor: for poll(2).
    const std::optional<pollfd>& pending() const { return pending_; }

    /// The play is over for it.
    void cancel();

private:
    /// How a step has ended.
    struct Verdict {
        std::string word;
        std::string_view end;  // for the coverage
    };

    template <class Op>
    using ResultOf = std::remove_cvref_t<decltype(std::declval<Op&>().result())>;

    bool claim() { return !std::exchange(claimed_, true); }
    int live(cogen::Yield& yield);
    void take_all(cogen::Yield& yield, const std::vector<Step>& steps);
    void take(cogen::Yield& yield, const Step& step);
    void wait_for_own_instant(cogen::Yield& yield);
    Verdict act(cogen::Yield& yield, const Step& step);
    Verdict act_on_descriptor(cogen::Yield& yield, const Step& step);
    Verdict act_on_others(cogen::Yield& yield, const Step& step);

    Verdict read(cogen::Yield& yield, const Step& step);
    Verdict drain(cogen::Yield& yield, const Step& step);
    Verdict write(cogen::Yield& yield, const Step& step);
    Verdict shutdown(cogen::Yield& yield, const Step& step);
    Verdict wait_ready(cogen::Yield& yield, const Step& step);
    Verdict connect(cogen::Yield& yield, const Step& step);
    Verdict accept(cogen::Yield& yield, const Step& step);
    Verdict send_to(cogen::Yield& yield, const Step& step);
    Verdict receive_from(cogen::Yield& yield, const Step& step);
    Verdict send_descriptors(cogen::Yield& yield, const Step& step);
    Verdict receive_descriptors(cogen::Yield& yield, const Step& step);
    Verdict signal(cogen::Yield& yield, const Step& step);
    Verdict call(cogen::Yield& yield, const Step& step);
    Verdict join(cogen::Yield& yield, const Step& step);
    Verdict limit_block(cogen::Yield& yield, const Step& step);

    template <class Op>
    Verdict end_of_other(cogen::Yield& yield, Op& operation, const Step& step);
    template <class Op>
    ResultOf<Op> yield_it(cogen::Yield& yield, Op&& operation, const Step& step);
    template <class Op>
    static std::size_t so_far(const Op& operation);
    template <class Op, class Account>
    Verdict transfer(cogen::Yield& yield, Op& operation, const Step& step, Account account);
    void take(Flow& flow, std::span<const std::byte> bytes, bool over, const Step& step);
    template <class Body>
    static Verdict verdict_of(Body body);
    static Verdict verdict_on(cogen::error_code error);
    std::string count_word(std::size_t count, const Step& step) const;

    void note(const Step& step, std::string_view word);
    void count(const Step& step, std::string_view end);
    Actor& other(const Step& step) const;

    Stage& stage_;
    int self_;
    cogen::Handle<int> handle_;
    std::vector<std::string> log_;
    std::optional<pollfd> pending_;
    cogen::CoroutineId id_ = 0;
    int wakes_ = 0;  // before the present step
    bool claimed_ = false;
    bool begun_ = false;
    bool over_ = false;
    bool failed_ = false;
    bool asked_ = false;   // to end, in the present step
    bool acting_ = false;  // its own instant has come
};

/// Yields it, and accounts for the bytes that have gone through, however it ends.
template <class Op, class Account>
Actor::Verdict Actor::transfer(cogen::Yield& yield, Op& operation, const Step& step,
                               Account account)
{
    std::size_t count = 0;
    Verdict verdict;
    try {
        verdict = verdict_of([&] {
            count = yield_it(yield, operation, step);
            return Verdict{"ok", ended_well};
        });
    } catch (const cogen::Cancelled&) {
        account(so_far(operation), false);
        throw;
    }
    if (verdict.end != ended_well)
        count = so_far(operation);
    else if (count == 0 && step.amount > 0)
        verdict.end = ended_by_stream;
    account(count, verdict.end == ended_by_stream);
    verdict.word += ' ' + count_word(count, step);
    return verdict;
}

template <class Op>
std::size_t Actor::so_far(const Op& operation)
{
    if constexpr (requires { operation.so_far(); })
        return operation.so_far();
    else
        return 0;
}

/// With its limit, which ends it neither early nor, where time stands still meanwhile, late.
template <class Op>
Actor::ResultOf<Op> Actor::yield_it(cogen::Yield& yield, Op&& operation, const Step& step)
{
    if (step.limit == 0)
        return yield(operation);
    const cogen::TimePoint before = stage_.scheduler.now();
    const cogen::Duration limit = step.limit * stage_.tick() + std::chrono::microseconds(500);
    try {
        return yield(operation | cogen::within(limit));
    } catch (const cogen::TimeoutError&) {
        if (const cogen::Duration took = stage_.scheduler.now() - before; took != limit)
            stage_.fault("a time of " + cogen::to_string(limit) + " ran out after "
                         + cogen::to_string(took));
        throw;
    }
}

template <class Body>
Actor::Verdict Actor::verdict_of(Body body)
{
    try {
        return body();
    } catch (const Raised&) {
        return {"raised", ended_by_raise};
    } catch (const cogen::system_error& error) {
        return verdict_on(error.code());
    }
}

}
