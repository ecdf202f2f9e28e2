// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/descriptor.hpp"

#include <cerrno>

#include <fcntl.h>

namespace cogen {

/// The answer of `call`, made again as long as a signal interrupts it; errors as -errno.
template <class Call>
auto answer_of(Call call) -> decltype(call())
{
    for (;;) {
        const auto answer = call();
        if (answer >= 0)
            return answer;
        if (errno != EINTR)
            return -errno;
    }
}

/// Whether calls on it wait.
inline bool blocks(Descriptor descriptor)
{
    const int flags = ::fcntl(descriptor.number(), F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK) == 0;
}

}
