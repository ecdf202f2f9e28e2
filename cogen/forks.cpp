// SPDX-License-Identifier: MIT
#include "cogen/forks.hpp"

#include <pthread.h>

namespace cogen {
namespace {

unsigned count = 0;

const int registered = ::pthread_atfork(nullptr, nullptr, [] { ++count; });

}

unsigned forks() noexcept { return count; }

}
