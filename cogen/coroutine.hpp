// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/list.hpp"
#include "cogen/operation.hpp"
#include "cogen/scope.hpp"
#include "cogen/timers.hpp"

#include <cstdint>
#include <exception>

namespace cogen {

class Record;

/// The number of a coroutine: never used twice by one scheduler. 0 is none.
using CoroutineId = std::uint64_t;

/// What a coroutine is doing.
enum class State : unsigned char {
    ready,
    running,
    waiting,
    ending,  ///< waiting still, for an operation that has been asked to end early
    finished,
};

/// "ready", "running", ...
const char* to_string(State state);

/// Why a coroutine was made ready: while whose work was being done.
class Cause {
public:
    /// Whose work that was.
    enum class Kind : unsigned char {
        spawned,
        coroutine,
        reactor,
        timer,
        scheduler,  ///< which ends whoever is left
        outside,
    };

    constexpr Cause() : Cause(Kind::outside) {}
    constexpr explicit Cause(Kind kind, CoroutineId by = 0)
        : bits_(by << 8 | static_cast<unsigned char>(kind))
    {}

    constexpr Kind kind() const { return static_cast<Kind>(bits_ & 0xff); }

    /// For `spawned` and `coroutine`: which; 0: somebody outside.
    constexpr CoroutineId by() const { return bits_ >> 8; }

private:
    std::uint64_t bits_;  // both, since there is one in each coroutine's first cache line
};

struct Ready;  // the list of those that are

/// A coroutine as its scheduler sees it: something to resume, that answers with what it yields.
/// How one is written is the front end's affair: see stackful.hpp.
///
/// It is the running half: the object, with the stack below it, serves one coroutine after the
/// other. What others know a coroutine by, and what remains of it, is its Record.
class Coroutine : public Waiter, public Hook<Ready> {
public:
    /// Runs up to the next yield and answers with the operation yielded; null at the end.
    virtual Operation* resume() = 0;

    Record& record() const { return *record_; }
    CoroutineId id() const { return id_; }
    State state() const { return state_; }
    const Cause& cause() const { return cause_; }

    /// The turn in which it came into its state.
    std::uint64_t since() const { return since_; }

    /// The operation that it waits for, or has been made ready by; null before its first, and while
    /// it runs.
    const Operation* operation() const { return state_ == State::running ? nullptr : operation_; }

    Scheduler& scheduler() const { return *scheduler_; }

    /// The innermost part of its run that has a say in how it is interrupted; null: none has.
    Scope* scope() const { return scope_; }

    /// For a front end, before the first step: throws what interrupts it, if anything does.
    void throw_if_interrupted()
    {
        if (interrupted_) [[unlikely]]
            raise();
    }

protected:
    Coroutine() : limit_(*this) {}
    Coroutine(const Coroutine&) = delete;
    Coroutine& operator=(const Coroutine&) = delete;
    ~Coroutine() = default;

    /// For a front end: it is now `record`'s.
    void serve(Record& record);

private:
    friend class Scheduler;
    friend class Scope;

    /// It is at its end, and its record has been told: it may be used again for another.
    virtual void retire() = 0;

    void on_complete(Operation& operation) final;
    Coroutine* go_on_after(Operation& operation) final;
    void limit(Duration duration) final;
    [[noreturn]] void raise() final;

    struct Interruption {
        enum Kind : unsigned char { none, leave, cancel, exception } kind;
        const Scope* scope = nullptr;  // to leave
    };
    Interruption interruption() const;
    void look_for_interruption() { interrupted_ = interruption().kind != Interruption::none; }

    /// Ends what it waits for when the operation's own time-out is over.
    struct Limit final : Timer {
        explicit Limit(Coroutine& coroutine) : coroutine_(coroutine) {}
        void expired() override;
        Coroutine& coroutine_;
    };

    // What each turn touches comes first: 64 bytes, a line of the processor's cache.
    Scheduler* scheduler_ = nullptr;
    Operation* operation_ = nullptr;
    Cause cause_;
    State state_ = State::ready;
    bool interrupted_ = false;    // whether there is an interruption()
    bool limited_ = false;        // whether limit_ is armed
    unsigned char refusals_ = 0;  // yields that it has made although it was interrupted
    std::uint64_t since_ = 0;
    CoroutineId id_ = 0;
    Record* record_ = nullptr;
    bool cancelled_ = false;
    Scope* scope_ = nullptr;
    std::exception_ptr raised_;       // what its operation's result() throws
    std::exception_ptr from_others_;  // what Scheduler::raise() wants it to throw
    Limit limit_;
};

}
