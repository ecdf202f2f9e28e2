// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operation.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

namespace cogen {

template <class T>
class Chunk;

/// An operation that waits for a producer's next chunk.
template <class T>
class Pull {
public:
    /// It has come: answers with the coroutine to run next.
    virtual Coroutine* take(T&& value) = 0;

protected:
    ~Pull() = default;
};

/// Where the two sides of an iteration meet: each leaves here what it waits with.
template <class T>
struct Iteration {
    Pull<T>* pull = nullptr;    // the consumer waits for a chunk
    Chunk<T>* chunk = nullptr;  // the producer waits to go on
};

/// Whom a producer produces for: its argument after the Yield. See Iterate.
template <class T>
class Consumer {
public:
    explicit Consumer(Iteration<T>& iteration) : iteration_(&iteration) {}

private:
    friend class Chunk<T>;
    Iteration<T>* iteration_;
};

/// What a producer says: `yield(Chunk(consumer, value));`. Hands the value to the consumer, who
/// goes on at once, and waits until he wants another. See Iterate.
///
/// Ended early, it waits no longer; a value that has not been taken by then is gone with it.
template <class T>
class [[nodiscard]] Chunk final : public Operation {
public:
    [[nodiscard]] Chunk(Consumer<T> consumer, T value)
        : iteration_(*consumer.iteration_), value_(std::move(value))
    {}

    Record* cancel(error_code why) override
    {
        iteration_.chunk = nullptr;
        complete(why);
        return nullptr;
    }

    void result() const { throw_if_failed(); }
    std::string describe() const override { return "Chunk()"; }

    /// For the consumer: moves the value there, if nobody has taken it, and answers whether.
    bool take(std::optional<T>& there)
    {
        if (!value_)
            return false;
        there.emplace(std::move(*value_));  // may throw, and then it is here still
        value_.reset();
        return true;
    }

    /// For the consumer, who wants another: answers with the producer, to run next.
    Coroutine* go_on()
    {
        iteration_.chunk = nullptr;
        return complete_now();
    }

private:
    Coroutine* start(Scheduler&) override
    {
        if (iteration_.chunk)
            throw std::logic_error("Chunk: somebody else is already producing for this consumer");
        if (!iteration_.pull) {
            iteration_.chunk = this;
            return nullptr;
        }
        Coroutine* const next = iteration_.pull->take(std::move(*value_));  // may throw
        value_.reset();
        iteration_.pull = nullptr;
        iteration_.chunk = this;
        return next;
    }

    Iteration<T>& iteration_;
    std::optional<T> value_;
};

template <class T, class Value>
Chunk(Consumer<T>, Value) -> Chunk<T>;

}
