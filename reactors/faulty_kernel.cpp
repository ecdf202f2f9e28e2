// SPDX-License-Identifier: MIT
#include "reactors/faulty_kernel.hpp"

#include "reactors/short_message.hpp"

#include <cerrno>

namespace cogen {

using Kind = Faults::Kind;

ssize_t FaultyKernel::recv(Descriptor descriptor, MutableBuffer buffer)
{
    if (const int error = refusal(descriptor))
        return error;
    return KernelDecorator::recv(descriptor, {buffer.data(), shortened(descriptor, buffer.size())});
}

ssize_t FaultyKernel::send(Descriptor descriptor, ConstBuffer buffer)
{
    if (const int error = refusal(descriptor))
        return error;
    return KernelDecorator::send(descriptor, {buffer.data(), shortened(descriptor, buffer.size())});
}

/// What the system answers in the message itself is for the caller's.
ssize_t FaultyKernel::recvmsg(Descriptor descriptor, msghdr& message)
{
    if (const int error = refusal(descriptor))
        return error;
    const msghdr whole = message;
    std::vector<iovec> parts = first_bytes(whole, shortened(descriptor, size_of(whole)));
    set_parts(message, parts);
    const ssize_t answer = KernelDecorator::recvmsg(descriptor, message);
    message.msg_iov = whole.msg_iov;
    message.msg_iovlen = whole.msg_iovlen;
    return answer;
}

ssize_t FaultyKernel::sendmsg(Descriptor descriptor, const msghdr& message)
{
    if (const int error = refusal(descriptor))
        return error;
    msghdr less = message;
    std::vector<iovec> parts = first_bytes(message, shortened(descriptor, size_of(message)));
    set_parts(less, parts);
    return KernelDecorator::sendmsg(descriptor, less);
}

ssize_t FaultyKernel::sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                               std::size_t count)
{
    if (const int error = refusal(descriptor))
        return error;
    return KernelDecorator::sendfile(descriptor, file, offset, shortened(descriptor, count));
}

int FaultyKernel::accept(Descriptor descriptor)
{
    if (faults_.happens(Kind::not_ready))
        return -EAGAIN;
    if (faults_.happens(Kind::aborted))
        return -ECONNABORTED;
    return KernelDecorator::accept(descriptor);
}

/// Only one that may sleep can be interrupted.
int FaultyKernel::poll(std::span<pollfd> descriptors, Duration timeout)
{
    if (timeout != Duration::zero() && faults_.happens(Kind::interrupted))
        return 0;
    return KernelDecorator::poll(descriptors, timeout);
}

std::size_t FaultyKernel::shortened(Descriptor descriptor, std::size_t size)
{
    if (size < 2 || type_of(descriptor) != SOCK_STREAM || !faults_.happens(Kind::short_transfer))
        return size;
    return 1 + faults_.below(faults_.below(2) == 0 ? 1 : size - 1);
}

int FaultyKernel::refusal(Descriptor descriptor)
{
    if (type_of(descriptor) != SOCK_STREAM)
        return 0;
    if (faults_.happens(Kind::not_ready))
        return -EAGAIN;
    return faults_.happens(Kind::reset) ? -ECONNRESET : 0;
}

/// That of a socket, and 0 for all else, which is left alone.
int FaultyKernel::type_of(Descriptor descriptor)
{
    int type = 0;
    KernelDecorator::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, type);
    return type;
}

}
