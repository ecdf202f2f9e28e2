#pragma once

#include "tests/differential/stage.hpp"

#include <cstdint>

namespace differential {

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
    Verdict signal(cogen::Yield& yield, const Step& step);
    Verdict call(cogen::Yield& yield, const Step& step);
    Verdict join(cogen::Yield& yield, const Step& step);
    Verdict limit_block(cogen::Yield& yield, const Step& step);

    template <class Op>
    Verdict end_of_other(cogen::Yield& yield, Op& operation, const Step& step);
    template <class Op>
    ResultOf<Op> yield_it(cogen::Yield& yield, Op&& operation, const Step& step);
    template <class Op, class Account>
    Verdict transfer(cogen::Yield& yield, Op& operation, const Step& step, Account account);
    void take(Flow& flow, std::span<const std::byte> bytes, bool over, const Step& step);
    template <class Body>
    Verdict verdict_of(Body body);
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

}
