// SPDX-License-Identifier: MIT
#include "reactors/fake_kernel.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>

namespace cogen {
namespace {

/// Until one answers with less than its whole size.
template <class Call>
ssize_t for_each_part(std::span<const iovec> buffers, Call call)
{
    ssize_t all = 0;
    for (const iovec& part : buffers) {
        const ssize_t answer = part.iov_len == 0 ? 0 : call(part);
        if (answer < 0)
            return all > 0 ? all : answer;
        all += answer;
        if (static_cast<std::size_t>(answer) < part.iov_len)
            break;
    }
    return all;
}

}

ssize_t FakeKernel::read(Descriptor descriptor, MutableBuffer buffer)
{
    if (is_real(descriptor))
        return system_kernel().read(descriptor, buffer);
    File* const file = find(descriptor);
    if (file && file->type != of_a_pipe)
        return recv(descriptor, buffer);
    return file && file->in ? take(*file->in, buffer) : -EBADF;
}

ssize_t FakeKernel::write(Descriptor descriptor, ConstBuffer buffer)
{
    if (is_real(descriptor))
        return system_kernel().write(descriptor, buffer);
    File* const file = find(descriptor);
    if (file && file->type != of_a_pipe)
        return send(descriptor, buffer);
    return file && file->out ? put(*file->out, buffer) : -EBADF;
}

ssize_t FakeKernel::readv(Descriptor descriptor, std::span<const iovec> buffers)
{
    return for_each_part(buffers, [&](const iovec& part) {
        return read(descriptor, {part.iov_base, part.iov_len});
    });
}

ssize_t FakeKernel::writev(Descriptor descriptor, std::span<const iovec> buffers)
{
    return for_each_part(buffers, [&](const iovec& part) {
        return write(descriptor, {part.iov_base, part.iov_len});
    });
}

int FakeKernel::pipe(Descriptor (&ends)[2])
{
    const auto pipe = std::make_shared<Pipe>();
    for (std::size_t i = 0; i < 2; ++i) {
        auto file = std::make_shared<File>();
        file->type = of_a_pipe;
        (i == 0 ? file->in : file->out) = pipe;
        ends[i] = Descriptor(add(std::move(file)));
    }
    return 0;
}

/// What is in memory never blocks.
int FakeKernel::fcntl(Descriptor descriptor, int command, int value)
{
    if (is_real(descriptor))
        return system_kernel().fcntl(descriptor, command, value);
    if (!find(descriptor))
        return -EBADF;
    return command == F_GETFL ? O_NONBLOCK : 0;
}

ssize_t FakeKernel::take(Pipe& pipe, MutableBuffer buffer)
{
    if (pipe.bytes.empty() && std::exchange(pipe.reset, false))
        return -ECONNRESET;
    if (pipe.bytes.empty())
        return pipe.writer_gone ? 0 : -EAGAIN;
    const std::size_t count = std::min(pipe.bytes.size(), buffer.size());
    const auto end = pipe.bytes.begin() + static_cast<std::ptrdiff_t>(count);
    std::copy(pipe.bytes.begin(), end, buffer.data());
    pipe.bytes.erase(pipe.bytes.begin(), end);
    return static_cast<ssize_t>(count);
}

ssize_t FakeKernel::put(Pipe& pipe, ConstBuffer buffer)
{
    if (pipe.reader_gone || pipe.writer_gone)
        return -EPIPE;
    const std::size_t count = std::min(capacity - pipe.bytes.size(), buffer.size());
    if (count == 0)
        return -EAGAIN;
    pipe.bytes.insert(pipe.bytes.end(), buffer.data(), buffer.data() + count);
    return static_cast<ssize_t>(count);
}

short FakeKernel::readiness_of_pipe(const File& end)
{
    int ready = 0;
    if (end.in) {
        ready |= end.in->bytes.empty() ? 0 : POLLIN;
        ready |= end.in->writer_gone ? POLLHUP : 0;
    } else {
        ready |= end.out->bytes.size() < capacity || end.out->reader_gone ? POLLOUT : 0;
        ready |= end.out->reader_gone ? POLLERR : 0;
    }
    return static_cast<short>(ready);
}

}
