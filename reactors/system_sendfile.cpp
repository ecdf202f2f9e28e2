// SPDX-License-Identifier: MIT
#include "reactors/kernel.hpp"
#include "reactors/system_call.hpp"
#include "reactors/without_sigpipe.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <unistd.h>

#ifdef __linux__
#include <sys/sendfile.h>
#endif

namespace cogen {
namespace {

/// The same without the system's call: the bytes go through our hands.
ssize_t send_block(Kernel& kernel, Descriptor descriptor, Descriptor file, off_t offset,
                   std::size_t count)
{
    std::array<std::byte, 64 * 1024> block;
    for (;;) {
        const ssize_t there =
            ::pread(file.number(), block.data(), std::min(count, block.size()), offset);
        if (there > 0)
            return kernel.send(descriptor, {block.data(), static_cast<std::size_t>(there)});
        if (there == 0 || errno != EINTR)
            return there == 0 ? 0 : -errno;
    }
}

}

#ifdef __linux__

// It knows neither MSG_DONTWAIT nor MSG_NOSIGNAL.
ssize_t SystemKernel::sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                               std::size_t count)
{
    if (blocks(descriptor))
        return send_block(*this, descriptor, file, offset, count);
    WithoutSigpipe without_sigpipe;
    const ssize_t answer =
        answer_of([&] { return ::sendfile(descriptor.number(), file.number(), &offset, count); });
    // It goes block by block: the peer may have gone when only the first has been sent.
    if (answer == -EPIPE || (answer >= 0 && static_cast<std::size_t>(answer) < count))
        without_sigpipe.take_it_away();
    return answer;
}

#else

// Elsewhere the call has other arguments, or does not exist.
ssize_t SystemKernel::sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                               std::size_t count)
{
    return send_block(*this, descriptor, file, offset, count);
}

#endif

}
