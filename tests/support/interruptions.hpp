#pragma once

#include <csignal>
#include <ctime>

/// While it lives, a signal arrives each millisecond, and interrupts the system call that the
/// process is in. It counts them. There is one at a time.
class Interruptions {
public:
    Interruptions();
    ~Interruptions();
    Interruptions(const Interruptions&) = delete;
    Interruptions& operator=(const Interruptions&) = delete;

    int count() const;

private:
    struct sigaction before_ {};
    timer_t timer_{};
};
