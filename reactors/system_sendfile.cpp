// SPDX-License-Identifier: MIT
#include "reactors/kernel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <unistd.h>

#ifdef __linux__
#include <csignal>
#include <ctime>

#include <fcntl.h>
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

#ifdef __linux__

// sendfile(2) knows no MSG_NOSIGNAL, and the process's handler is not ours to change. A SIGPIPE
// that a call raises goes to the thread that made the call, so the thread blocks it meanwhile and
// takes it away again; one that was pending before is somebody else's, and stays.

/// While it lives, this thread is raised no SIGPIPE, and is left none.
class WithoutSigpipe {
public:
    WithoutSigpipe()
    {
        ::sigemptyset(&sigpipe_);
        ::sigaddset(&sigpipe_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
        sigset_t pending;
        ::sigpending(&pending);
        pending_before_ = ::sigismember(&pending, SIGPIPE) == 1;
    }

    ~WithoutSigpipe() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    WithoutSigpipe(const WithoutSigpipe&) = delete;
    WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

    /// A call has failed with EPIPE.
    void take_it_away()
    {
        const timespec at_once{};
        if (!pending_before_)
            while (::sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {}
    }

private:
    sigset_t sigpipe_;
    sigset_t before_;
    bool pending_before_;
};

/// Whether calls on it wait. sendfile(2) knows no MSG_DONTWAIT either.
bool blocks(Descriptor descriptor)
{
    const int flags = ::fcntl(descriptor.number(), F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK) == 0;
}

#endif

}

#ifdef __linux__

ssize_t SystemKernel::sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                               std::size_t count)
{
    if (blocks(descriptor))
        return send_block(*this, descriptor, file, offset, count);
    WithoutSigpipe without_sigpipe;
    for (;;) {
        const ssize_t answer = ::sendfile(descriptor.number(), file.number(), &offset, count);
        if (answer >= 0)
            return answer;
        const int error = errno;
        if (error == EPIPE)
            without_sigpipe.take_it_away();
        if (error != EINTR)
            return -error;
    }
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
