// SPDX-License-Identifier: MIT
#include "cogen/coroutine.hpp"

#include "cogen/record.hpp"

#include <stdexcept>
#include <utility>

namespace cogen {

/// What wants the coroutine out, if anything: of all that is so, the outermost. A shield hides what
/// is without.
Coroutine::Interruption Coroutine::interruption() const
{
    Interruption found{Interruption::none};
    for (const Scope* scope = scope_; scope; scope = scope->outer()) {
        if (scope->passed())
            found = {Interruption::leave, scope};
        if (scope->shields())
            return found;
    }
    if (from_others_)
        return {Interruption::exception};
    if (cancelled_)
        return {Interruption::cancel};
    return found;
}

void Coroutine::raise()
{
    if (raised_)
        std::rethrow_exception(std::exchange(raised_, nullptr));
    const Interruption why = interruption();
    if (why.kind == Interruption::leave)
        throw LeaveScope(*why.scope);
    if (why.kind != Interruption::exception)
        throw Cancelled();
    const std::exception_ptr exception = std::exchange(from_others_, nullptr);
    look_for_interruption();
    if (!interrupted_)
        refusals_ = 0;
    std::rethrow_exception(exception);
}

Scope::Scope(Coroutine& coroutine, Kind kind)
    : coroutine_(coroutine), outer_(coroutine.scope_), kind_(kind)
{
    if (coroutine.state_ != State::running)
        throw std::logic_error("a deadline or a shield for another coroutine, "
                               + coroutine.record().title());
    coroutine.scope_ = this;
    coroutine.look_for_interruption();  // a shield hides what was there before
}

Scope::~Scope()
{
    coroutine_.scope_ = outer_;
    coroutine_.look_for_interruption();
    if (!coroutine_.interrupted_)
        coroutine_.refusals_ = 0;
}

const char* to_string(State state)
{
    static const char* const words[] = {"ready", "running", "waiting", "ending", "finished"};
    return words[static_cast<unsigned char>(state)];
}

}
