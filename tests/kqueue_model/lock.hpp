#pragma once

#include <csignal>

namespace kqueue_model {

/// While it lives, no other thread is in the model, and no signal handler runs in this thread: a
/// handler may wake a kqueue, and would wait for ever for whom it has interrupted.
class Lock {
public:
    Lock();
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    /// The signals that will be blocked in this thread afterwards, to be changed by whoever is
    /// under the lock.
    static sigset_t& blocked_afterwards();

private:
    sigset_t before_;
};

}
