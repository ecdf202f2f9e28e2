// SPDX-License-Identifier: MIT
#include "cogen/helper_threads.hpp"

#include "cogen/forks.hpp"

#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <new>
#include <thread>

namespace cogen {

/// What the scheduler's thread and the helpers share. It lives as long as the last of them.
class HelperThreads::State final : public std::enable_shared_from_this<State>, private Posted {
public:
    void start(Scheduler& scheduler, std::shared_ptr<Job> job)
    {
        const std::lock_guard lock(mutex_);
        scheduler_ = &scheduler;
        waiting_.push_back(std::move(job));
        if (idle_ >= waiting_.size() || threads_ == most) {
            changed_.notify_one();
            return;
        }
        try {
            add_thread();
        } catch (...) {
            if (threads_ > 0)
                return;  // somebody will come to it
            waiting_.pop_back();
            throw;
        }
    }

    void end()
    {
        const std::lock_guard lock(mutex_);
        scheduler_ = nullptr;
        waiting_.clear();
        done_.clear();
        changed_.notify_all();
    }

private:
    /// Signals are for the threads that the program knows of.
    void add_thread()
    {
        sigset_t all;
        sigset_t before;
        sigfillset(&all);  // a macro on some systems
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        try {
            std::thread([self = shared_from_this()] { self->work(); }).detach();
        } catch (...) {
            ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
            throw;
        }
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        ++threads_;
    }

    void work()
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            ++idle_;
            changed_.wait(lock, [&] { return !scheduler_ || !waiting_.empty(); });
            --idle_;
            if (!scheduler_)
                return;
            std::shared_ptr<Job> job = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            if (!job->abandoned())
                job->run();
            lock.lock();
            if (!scheduler_)
                return;
            done_.push_back(std::move(job));
            scheduler_->post(*this);  // under the lock: so the scheduler does not end meanwhile
        }
    }

    /// On the scheduler's thread.
    void run() override
    {
        std::deque<std::shared_ptr<Job>> done;
        {
            const std::lock_guard lock(mutex_);
            done.swap(done_);
        }
        for (const auto& job : done)
            job->done();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    Scheduler* scheduler_ = nullptr;  // null: it has ended
    std::deque<std::shared_ptr<Job>> waiting_;
    std::deque<std::shared_ptr<Job>> done_;
    std::size_t threads_ = 0;
    std::size_t idle_ = 0;
};

HelperThreads::HelperThreads() : state_(std::make_shared<State>()), forks_(forks()) {}

/// In a child of fork(2) there are no helpers. What they held when it was made they hold for ever
/// there, so nothing of it is touched.
HelperThreads::~HelperThreads()
{
    if (forks_ == forks())
        state_->end();
    else
        static_cast<void>(new (std::nothrow) std::shared_ptr<State>(std::move(state_)));
}

void HelperThreads::start(Scheduler& scheduler, std::shared_ptr<Job> job)
{
    state_->start(scheduler, std::move(job));
}

}
