// SPDX-License-Identifier: MIT
#include "bench/interrupt.hpp"

#include <csignal>

namespace bench {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void leave_note(int) { interrupted = 1; }

void on_interrupt(void (*action)(int))
{
    struct sigaction wanted = {};
    wanted.sa_handler = action;  // without SA_RESTART: waits end with EINTR and look at the note
    for (int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaction(signal, &wanted, nullptr);
}

}

void heed_interrupts() { on_interrupt(leave_note); }

void stop_if_interrupted()
{
    if (interrupted)
        throw Interrupted();
}

void forget_interrupts() { on_interrupt(SIG_DFL); }

}
