#pragma once

#include <atomic>
#include <csignal>
#include <thread>

#include <pthread.h>

/// While it lives, a signal arrives each millisecond, and interrupts the system call that the
/// thread is in which has made it. It counts them, and those of others of its kind that come and go
/// meanwhile.
class Interruptions {
public:
    Interruptions();
    ~Interruptions();
    Interruptions(const Interruptions&) = delete;
    Interruptions& operator=(const Interruptions&) = delete;

    int count() const;

private:
    const int earlier_;  // have arrived
    struct sigaction before_ {};
    const pthread_t target_ = ::pthread_self();
    std::atomic<bool> over_{false};
    std::thread sender_;
};
