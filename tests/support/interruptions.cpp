#include "tests/support/interruptions.hpp"

#include "cogen/error.hpp"

#include <cerrno>

namespace {

volatile std::sig_atomic_t arrived = 0;

void on_signal(int) { arrived = arrived + 1; }

}

Interruptions::Interruptions()
{
    arrived = 0;
    struct sigaction action {};  // without SA_RESTART
    action.sa_handler = on_signal;
    ::sigaction(SIGUSR1, &action, &before_);

    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGUSR1;
    if (::timer_create(CLOCK_MONOTONIC, &event, &timer_) < 0)
        cogen::throw_error(cogen::system_error_code(errno), "timer_create");
    const itimerspec each_millisecond{{0, 1'000'000}, {0, 1'000'000}};
    ::timer_settime(timer_, 0, &each_millisecond, nullptr);
}

Interruptions::~Interruptions()
{
    ::timer_delete(timer_);
    ::sigaction(SIGUSR1, &before_, nullptr);
}

int Interruptions::count() const { return arrived; }
