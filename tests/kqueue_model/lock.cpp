#include "tests/kqueue_model/lock.hpp"

#include <mutex>

#include <pthread.h>

namespace kqueue_model {
namespace {

std::mutex mutex;
sigset_t* of_owner = nullptr;

}

Lock::Lock()
{
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    mutex.lock();
    of_owner = &before_;
}

Lock::~Lock()
{
    of_owner = nullptr;
    mutex.unlock();
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

sigset_t& Lock::blocked_afterwards() { return *of_owner; }

}
