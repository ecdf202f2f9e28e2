// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <utility>

namespace cogen {

/// Something that a scheduler's thread shall do, and that any thread, or a signal handler, may hand
/// over to it: see Scheduler::post. Whoever has it keeps it until it has run.
class Posted {
public:
    Posted() = default;
    Posted(const Posted&) = delete;
    Posted& operator=(const Posted&) = delete;

    /// On the scheduler's thread, at the beginning of a turn. From here on it may be posted again.
    virtual void run() = 0;

protected:
    ~Posted() = default;

private:
    friend class Inbox;
    std::atomic<bool> here_{false};  // in an inbox
    Posted* next_ = nullptr;
};

/// What has been handed over and not yet been done. To put something in takes no lock and no
/// memory.
class Inbox {
public:
    /// From anywhere. What is in there already stays where it is, and runs once. Answers whether
    /// the inbox was empty, so that its owner must be told.
    bool put(Posted& posted) noexcept
    {
        if (posted.here_.exchange(true, std::memory_order_acq_rel))
            return false;
        Posted* newest = newest_.load(std::memory_order_relaxed);
        do
            posted.next_ = newest;
        while (!newest_.compare_exchange_weak(newest, &posted, std::memory_order_seq_cst,
                                              std::memory_order_relaxed));
        return newest == nullptr;
    }

    bool empty() const noexcept { return !newest_.load(std::memory_order_seq_cst); }

    /// For the owner: takes all out, and calls `f` with each in the order in which they came.
    template <class F>
    void take_all(F f)
    {
        Posted* oldest = nullptr;
        for (Posted* at = newest_.exchange(nullptr, std::memory_order_acquire); at;)
            at = std::exchange(at->next_, std::exchange(oldest, at));
        while (oldest) {
            Posted& posted = *std::exchange(oldest, oldest->next_);
            // Read as well as written: who has found it still here must be seen by run().
            posted.here_.exchange(false, std::memory_order_acq_rel);
            f(posted);
        }
    }

private:
    std::atomic<Posted*> newest_{nullptr};
    static_assert(std::atomic<Posted*>::is_always_lock_free, "signal handlers must not wait");
};

}
