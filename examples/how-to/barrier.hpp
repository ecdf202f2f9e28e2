#pragma once

#include <cogen/cogen.hpp>

#include <cstddef>
#include <string>

// [barrier]
class Arrive;

/// Where coroutines of one scheduler wait for each other. When `size` have arrived all of them go
/// on, and it is as it was at first. It outlives those who wait.
class Barrier {
public:
    explicit Barrier(std::size_t size) : size_(size) {}

private:
    friend class Arrive;

    std::size_t size_;
    std::size_t arrived_ = 0;
    cogen::List<Arrive> waiting_;
};
// [/barrier]

// [arrive]
/// Waits until all have arrived: `bool last = yield(Arrive(barrier));`. Answers whether it was the
/// last, who goes on at once; the others follow in the order in which they came.
///
/// Ended early, it has not arrived, and the others wait for somebody else. Once all have arrived,
/// it has succeeded.
class Arrive final : public cogen::Operation, public cogen::Hook<> {
public:
    explicit Arrive(Barrier& barrier) : barrier_(barrier) {}

    cogen::Record* cancel(cogen::error_code why) override
    {
        unlink();
        --barrier_.arrived_;
        complete(why);
        return nullptr;
    }

    bool result() const
    {
        throw_if_failed();
        return last_;
    }

    std::string describe() const override
    {
        return "Arrive(" + std::to_string(barrier_.arrived_) + " of "
               + std::to_string(barrier_.size_) + ')';
    }

private:
    cogen::Coroutine* start(cogen::Scheduler&) override
    {
        last_ = ++barrier_.arrived_ == barrier_.size_;
        if (!last_) {
            barrier_.waiting_.push_back(*this);
            return nullptr;
        }
        barrier_.arrived_ = 0;
        while (!barrier_.waiting_.empty())
            barrier_.waiting_.pop_front().complete();
        return complete_now();
    }

    Barrier& barrier_;
    bool last_ = false;
};
// [/arrive]
