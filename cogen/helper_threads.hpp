// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/scheduler.hpp"

#include <memory>

namespace cogen {

/// Something that would hold up the scheduler's thread, and is done on another.
class Job {
public:
    virtual ~Job() = default;

    /// On a helper thread, beside everything else. What it throws ends the process.
    virtual void run() = 0;

    /// Afterwards, on the scheduler's thread, at the beginning of a turn.
    virtual void done() = 0;

    /// Whether nobody waits for it any more, and it need not begin. From any thread.
    virtual bool abandoned() const { return false; }
};

/// A few threads that do jobs for a scheduler, `scheduler.service<HelperThreads>()`. They start
/// when there is something to do, stay, and block all signals. The scheduler does not wait for them
/// at its end: a job that is being done then goes on alone, and its done() is never called.
class HelperThreads final : public Service {
public:
    HelperThreads();
    ~HelperThreads() override;

    /// Has `job` done as soon as a thread is free, in the order in which they come. Throws a
    /// system_error where no thread can be had at all.
    void start(Scheduler& scheduler, std::shared_ptr<Job> job);

    /// So many at most.
    static constexpr std::size_t most = 4;

private:
    class State;
    std::shared_ptr<State> state_;  // with the threads
    unsigned forks_;                // of the process that they are in
};

}
