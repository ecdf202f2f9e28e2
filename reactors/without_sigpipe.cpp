// SPDX-License-Identifier: MIT
#include "reactors/without_sigpipe.hpp"

#include <cerrno>
#include <ctime>

namespace cogen {
namespace {

// Some systems have macros for what is done to sets of signals: no :: in front of these.

bool is_pending()
{
    sigset_t pending;
    ::sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

}

WithoutSigpipe::WithoutSigpipe()
{
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
    pending_before_ = sigismember(&before_, SIGPIPE) == 1 && is_pending();
}

WithoutSigpipe::~WithoutSigpipe() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void WithoutSigpipe::take_it_away()
{
    if (pending_before_)
        return;
#ifdef __linux__
    const timespec at_once{};
    while (::sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {}
#else
    int taken = 0;
    if (is_pending())  // it is not where the process ignores it
        ::sigwait(&sigpipe_, &taken);
#endif
}

}
