// SPDX-License-Identifier: MIT
#include "reactors/kernel.hpp"
#include "reactors/system_call.hpp"
#include "reactors/without_sigpipe.hpp"

#include <algorithm>
#include <array>
#include <climits>

#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace cogen {
namespace {

// read(2) and write(2) know no MSG_DONTWAIT. Whether they block is up to the open file, which may
// be shared with other processes, who may change that at any time. So it is asked before each call;
// where it blocks, poll(2) is asked, too, and no more is written at once than PIPE_BUF bytes, which
// is what a pipe that is ready has room for.

bool would_block(Descriptor descriptor, short events)
{
    pollfd one{descriptor.number(), events, 0};
    return answer_of([&] { return ::poll(&one, 1, 0); }) == 0;
}

/// Linux says EIO where nobody has the other side of a terminal open any more; others say that this
/// is the end.
bool is_end_of_terminal([[maybe_unused]] Descriptor descriptor, [[maybe_unused]] ssize_t answer)
{
#ifdef TIOCGPTN
    unsigned other_side = 0;
    return answer == -EIO && ::ioctl(descriptor.number(), TIOCGPTN, &other_side) == 0;
#else
    return false;
#endif
}

template <class Call>
ssize_t read_by(Descriptor descriptor, Call call)
{
    if (blocks(descriptor) && would_block(descriptor, POLLIN))
        return -EAGAIN;
    const ssize_t answer = answer_of(call);
    return is_end_of_terminal(descriptor, answer) ? 0 : answer;
}

template <class Call>
ssize_t write_by(Call call)
{
    WithoutSigpipe without_sigpipe;
    const ssize_t answer = answer_of(call);
    if (answer == -EPIPE)
        without_sigpipe.take_it_away();
    return answer;
}

}

ssize_t SystemKernel::read(Descriptor descriptor, MutableBuffer buffer)
{
    return read_by(descriptor,
                   [&] { return ::read(descriptor.number(), buffer.data(), buffer.size()); });
}

ssize_t SystemKernel::readv(Descriptor descriptor, std::span<const iovec> buffers)
{
    return read_by(descriptor, [&] {
        return ::readv(descriptor.number(), buffers.data(), static_cast<int>(buffers.size()));
    });
}

ssize_t SystemKernel::write(Descriptor descriptor, ConstBuffer buffer)
{
    std::size_t count = buffer.size();
    if (blocks(descriptor)) {
        if (would_block(descriptor, POLLOUT))
            return -EAGAIN;
        count = std::min<std::size_t>(count, PIPE_BUF);
    }
    return write_by([&] { return ::write(descriptor.number(), buffer.data(), count); });
}

ssize_t SystemKernel::writev(Descriptor descriptor, std::span<const iovec> buffers)
{
    if (blocks(descriptor)) {
        const auto first = std::find_if(buffers.begin(), buffers.end(),
                                        [](const iovec& buffer) { return buffer.iov_len > 0; });
        if (first == buffers.end())
            return 0;
        return write(descriptor, ConstBuffer(first->iov_base, first->iov_len));
    }
    return write_by([&] {
        return ::writev(descriptor.number(), buffers.data(), static_cast<int>(buffers.size()));
    });
}

int SystemKernel::pipe(Descriptor (&ends)[2])
{
    int numbers[2];
#ifdef __linux__
    const int answer = answer_of([&] { return ::pipe2(numbers, O_NONBLOCK | O_CLOEXEC); });
#else
    const int answer = answer_of([&] { return ::pipe(numbers); });
#endif
    if (answer < 0)
        return answer;
    for (std::size_t i = 0; i < 2; ++i) {
#ifndef __linux__
        ::fcntl(numbers[i], F_SETFD, FD_CLOEXEC);
        ::fcntl(numbers[i], F_SETFL, ::fcntl(numbers[i], F_GETFL) | O_NONBLOCK);
#endif
        ends[i] = Descriptor(numbers[i]);
    }
    return 0;
}

int SystemKernel::fcntl(Descriptor descriptor, int command, int value)
{
    return answer_of([&] { return ::fcntl(descriptor.number(), command, value); });
}

}
