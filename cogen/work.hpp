// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/scheduler.hpp"

#include <utility>

namespace cogen {

/// Keeps run() from returning, since something will still come from outside: a result from another
/// thread, say. Any thread may end it; that is over before the scheduler ends, as a thread that is
/// joined has it.
class Work {
public:
    explicit Work(Scheduler& scheduler) : scheduler_(&scheduler) { scheduler.begin_work(); }
    Work(Work&& other) noexcept : scheduler_(std::exchange(other.scheduler_, nullptr)) {}
    Work& operator=(Work&& other) noexcept
    {
        std::swap(scheduler_, other.scheduler_);
        return *this;
    }
    ~Work()
    {
        if (scheduler_)
            scheduler_->end_work();
    }

private:
    Scheduler* scheduler_;
};

}
