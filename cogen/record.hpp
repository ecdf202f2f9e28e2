// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/blocks.hpp"
#include "cogen/coroutine.hpp"
#include "cogen/list.hpp"

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cogen {

struct Alive;  // the list of those whose coroutine has not ended

/// What others know a coroutine by, and what remains of it: name, origin, and how it ended.
///
/// It is apart from the coroutine, whose stack may serve another while somebody still wants to know
/// what became of this one. It lives as long as the coroutine runs or a Handle refers to it.
/// The front end derives from it what the coroutine runs, and its arguments: one block of memory
/// holds all.
class Record : public Hook<Alive> {
public:
    Record() = default;
    Record(const Record&) = delete;
    Record& operator=(const Record&) = delete;

    CoroutineId id() const { return id_; }
    CoroutineId parent() const { return parent_; }
    Site site() const { return site_; }  ///< where it was spawned
    std::string_view name() const { return name_ ? *name_ : std::string_view(); }

    /// Titles, reports and traces have the new name from now on.
    void rename(std::string name) { name_ = std::make_unique<std::string>(std::move(name)); }

    /// "#7", or "#7 client" where it has a name.
    std::string title() const;

    bool finished() const { return finished_; }
    State state() const { return coroutine_ ? coroutine_->state() : State::finished; }

    /// The coroutine while it runs; afterwards null.
    Coroutine* coroutine() const { return coroutine_; }

    /// The exception it ended with, if it did; a cancellation is none.
    const std::exception_ptr& failure() const { return failure_; }

    /// It ended because it was cancelled.
    bool cancelled() const { return cancelled_; }

    /// For the result of an operation that has waited for the end: throws where the coroutine has
    /// not returned, but failed, or was cancelled, which is a system_error for whoever was not.
    void throw_unless_returned(const Operation& operation) const
    {
        if (cancelled_ || failure_) [[unlikely]]
            throw_end(operation);
    }

    /// Those who wait for its end, in the order in which they came.
    class Joiner;

    /// Puts it behind those who are there. It takes itself out by unlink().
    void add(Joiner& joiner);

    void reference() { ++references_; }
    void release()
    {
        if (--references_ == 0)
            destroy();
    }

protected:
    virtual ~Record() = default;

    /// For the front end: how the run ended.
    void set_failure(std::exception_ptr failure) { failure_ = std::move(failure); }
    void set_cancelled() { cancelled_ = true; }

private:
    friend class Scheduler;
    friend class Coroutine;

    [[noreturn]] void throw_end(const Operation& operation) const;
    void destroy();

    CoroutineId id_ = 0;
    CoroutineId parent_ = 0;
    Site site_;
    std::unique_ptr<std::string> name_;  // most have none, and there may be a million
    Coroutine* coroutine_ = nullptr;
    std::exception_ptr failure_;
    List<Joiner> joiners_;
    Blocks* blocks_ = nullptr;  // where its memory comes from; null: it is part of something else
    std::uint32_t references_ = 1;
    std::uint32_t size_ : 30 = 0;
    bool finished_ : 1 = false;
    bool cancelled_ : 1 = false;
};

/// An operation that waits for a coroutine's end.
class Record::Joiner : public Operation, public Hook<> {
public:
    /// The coroutine has ended. Answers with the coroutine to run next, or null where the waiter
    /// has only been queued.
    virtual Coroutine* joined() = 0;

protected:
    Joiner() = default;
    ~Joiner() = default;
};

inline void Record::add(Joiner& joiner) { joiners_.push_back(joiner); }

/// A record with room for the value that the coroutine returns.
template <class T>
class RecordOf : public Record {
public:
    const std::optional<T>& value() const { return value_; }
    std::optional<T>& value() { return value_; }

protected:
    std::optional<T> value_;
};

template <>
class RecordOf<void> : public Record {};

/// Refers to a coroutine, running or finished: `auto handle = yield(Spawn(f));`, and later
/// `yield(Join(handle));`. Belongs to the thread of its scheduler, which it may outlive.
template <class T = void>
class Handle {
public:
    Handle() = default;

    /// One for a record's first reference.
    static Handle adopt(RecordOf<T>& record)
    {
        Handle handle;
        handle.record_ = &record;
        return handle;
    }

    Handle(const Handle& other) : record_(other.record_) { reference(); }
    Handle(Handle&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
    Handle& operator=(Handle other) noexcept
    {
        std::swap(record_, other.record_);
        return *this;
    }
    ~Handle()
    {
        if (record_)
            record_->release();
    }

    explicit operator bool() const { return record_ != nullptr; }
    RecordOf<T>& record() const { return *record_; }

    CoroutineId id() const { return record_->id(); }
    std::string name() const { return std::string(record_->name()); }
    bool finished() const { return record_->finished(); }
    bool failed() const { return record_->failure() != nullptr; }
    bool cancelled() const { return record_->cancelled(); }

    /// Gives the coroutine a name, for whoever looks at the program.
    Handle& named(std::string name)
    {
        record_->rename(std::move(name));
        return *this;
    }

    friend bool operator==(const Handle&, const Handle&) = default;

private:
    void reference() const
    {
        if (record_)
            record_->reference();
    }

    RecordOf<T>* record_ = nullptr;
};

}
