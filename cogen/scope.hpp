// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/error.hpp"

namespace cogen {

class Coroutine;

/// A part of what a coroutine does, from here to the end of a block, that has a say in how it is
/// interrupted: a deadline, or a shield. It lies on the coroutine's stack; such parts nest.
class Scope {
public:
    /// What it has to say: that it is to be left by a time, or that others have to wait.
    enum class Kind : unsigned char { deadline, shield };

    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    /// Whether the coroutine is to leave it now.
    bool passed() const { return passed_; }

    /// Whether what is without has to wait: cancellation, raised exceptions, outer deadlines.
    bool shields() const { return kind_ == Kind::shield; }

    Kind kind() const { return kind_; }
    Scope* outer() const { return outer_; }

protected:
    /// The innermost of `coroutine`, until its end.
    Scope(Coroutine& coroutine, Kind kind);
    ~Scope();

    /// The coroutine is to leave it.
    void pass();

    Coroutine& coroutine() const { return coroutine_; }

private:
    Coroutine& coroutine_;
    Scope* outer_;
    Kind kind_;
    bool passed_ = false;
};

/// A part that what is without must not interrupt.
class Shield final : public Scope {
public:
    explicit Shield(Coroutine& coroutine) : Scope(coroutine, Kind::shield) {}
};

/// What a coroutine finds thrown at its yields when it is to leave `scope`, past all handlers
/// within. To whoever only cleans up, it is what Cancelled is.
class LeaveScope : public Cancelled {
public:
    explicit LeaveScope(const Scope& scope) : scope_(&scope) {}
    const Scope& scope() const { return *scope_; }

private:
    const Scope* scope_;
};

}
