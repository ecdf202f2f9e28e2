// SPDX-License-Identifier: MIT
#include "reactors/fake_kernel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <netinet/in.h>
#include <unistd.h>

namespace cogen {
namespace {

std::string bytes_of(const sockaddr* address, socklen_t size)
{
    return {reinterpret_cast<const char*>(address), size};
}

void give(const std::string& bytes, sockaddr* address, socklen_t& size)
{
    std::memcpy(address, bytes.data(), std::min<std::size_t>(size, bytes.size()));
    size = static_cast<socklen_t>(bytes.size());
}

/// Until one answers with less than its whole size.
template <class Call>
ssize_t for_each_part(const msghdr& message, Call call)
{
    ssize_t all = 0;
    const auto count = static_cast<std::size_t>(message.msg_iovlen);  // an int on some systems
    for (const iovec& part : std::span(message.msg_iov, count)) {
        if (part.iov_len == 0)
            continue;
        const ssize_t answer = call(part);
        if (answer < 0)
            return all > 0 ? all : answer;
        all += answer;
        if (static_cast<std::size_t>(answer) < part.iov_len)
            break;
    }
    return all;
}

}

FakeKernel::FakeKernel() = default;
FakeKernel::~FakeKernel() = default;

ssize_t FakeKernel::recv(Descriptor descriptor, MutableBuffer buffer)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    if (file->type == of_a_pipe)
        return -ENOTSOCK;
    if (file->type == SOCK_DGRAM) {
        iovec part{buffer.data(), buffer.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        return receive_datagram(*file, message);
    }
    if (!file->in)
        return -ENOTCONN;
    return take(*file->in, buffer);
}

ssize_t FakeKernel::send(Descriptor descriptor, ConstBuffer buffer)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    if (file->type == of_a_pipe)
        return -ENOTSOCK;
    if (file->type == SOCK_DGRAM) {
        iovec part{const_cast<std::byte*>(buffer.data()), buffer.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        return send_datagram(*file, message);
    }
    if (!file->out)
        return -ENOTCONN;
    return put(*file->out, buffer);
}

ssize_t FakeKernel::recvmsg(Descriptor descriptor, msghdr& message)
{
    if (is_for_datagrams(descriptor))
        return receive_datagram(*find(descriptor), message);
    message.msg_flags = 0;
    message.msg_controllen = 0;
    return for_each_part(message, [&](const iovec& part) {
        return recv(descriptor, {part.iov_base, part.iov_len});
    });
}

ssize_t FakeKernel::sendmsg(Descriptor descriptor, const msghdr& message)
{
    if (is_for_datagrams(descriptor))
        return send_datagram(*find(descriptor), message);
    if (message.msg_controllen > 0)
        return -EOPNOTSUPP;  // it passes no descriptors on
    return for_each_part(message, [&](const iovec& part) {
        return send(descriptor, {part.iov_base, part.iov_len});
    });
}

ssize_t FakeKernel::sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                             std::size_t count)
{
    std::array<std::byte, 4096> block;
    const ssize_t there =
        ::pread(file.number(), block.data(), std::min(count, block.size()), offset);
    if (there < 0)
        return -errno;
    return there == 0 ? 0 : send(descriptor, {block.data(), static_cast<std::size_t>(there)});
}

int FakeKernel::accept(Descriptor descriptor)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    if (!file->listening)
        return -EINVAL;
    if (file->backlog.empty())
        return -EAGAIN;
    std::shared_ptr<File> accepted = file->backlog.front();
    file->backlog.pop_front();
    return add(std::move(accepted));
}

int FakeKernel::connect(Descriptor descriptor, const sockaddr* address, socklen_t size)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    if (file->type == SOCK_DGRAM)
        return connect_datagrams(files_[descriptor.number()], bytes_of(address, size));
    if (file->in)
        return -EISCONN;
    const auto listener = listeners_[bytes_of(address, size)].lock();
    if (!listener)
        return -ECONNREFUSED;
    auto other = std::make_shared<File>();
    other->family = file->family;
    other->address = file->peer = listener->address;
    if (file->address.empty())
        file->address = unused_address(file->family);
    other->peer = file->address;
    connect(*file, *other);
    listener->backlog.push_back(std::move(other));
    return 0;
}

int FakeKernel::socket(int family, int type)
{
    if (family != AF_INET && family != AF_INET6 && family != AF_UNIX)
        return -EAFNOSUPPORT;
    auto file = std::make_shared<File>();
    file->family = family;
    file->type = type;
    return add(std::move(file));
}

int FakeKernel::socketpair(int family, int type, Descriptor (&pair)[2])
{
    for (Descriptor& end : pair)
        end = Descriptor(socket(family, type));
    const auto& one = files_[pair[0].number()];
    const auto& other = files_[pair[1].number()];
    if (type == SOCK_DGRAM) {
        one->other_half = other;
        other->other_half = one;
    } else {
        connect(*one, *other);
    }
    return 0;
}

int FakeKernel::bind(Descriptor descriptor, const sockaddr* address, socklen_t size)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    sockaddr_storage chosen{};
    std::memcpy(&chosen, address, size);
    if (chosen.ss_family == AF_INET && reinterpret_cast<sockaddr_in&>(chosen).sin_port == 0)
        reinterpret_cast<sockaddr_in&>(chosen).sin_port = htons(++last_port_);
    if (chosen.ss_family == AF_INET6 && reinterpret_cast<sockaddr_in6&>(chosen).sin6_port == 0)
        reinterpret_cast<sockaddr_in6&>(chosen).sin6_port = htons(++last_port_);
    const std::string bytes = bytes_of(reinterpret_cast<const sockaddr*>(&chosen), size);
    if (!(file->type == SOCK_DGRAM ? bound_ : listeners_)[bytes].expired())
        return -EADDRINUSE;
    file->address = bytes;
    if (file->type == SOCK_DGRAM)
        bound_[bytes] = files_[descriptor.number()];
    return 0;
}

int FakeKernel::listen(Descriptor descriptor, int)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    file->listening = true;
    listeners_[file->address] = files_[descriptor.number()];
    return 0;
}

int FakeKernel::shutdown(Descriptor descriptor, int how)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    if (!file->in)
        return -ENOTCONN;
    if (how == SHUT_WR || how == SHUT_RDWR)
        file->out->writer_gone = true;
    if (how == SHUT_RD || how == SHUT_RDWR)
        file->in->reader_gone = file->in->writer_gone = true;
    return 0;
}

int FakeKernel::close(Descriptor descriptor)
{
    if (is_real(descriptor))
        return system_kernel().close(descriptor);
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    hang_up(*file);
    for (const auto& waiting : file->backlog) {
        waiting->out->reset = true;
        hang_up(*waiting);
    }
    if (const auto other = file->other_half.lock())
        other->other_half_closed = true;
    files_.erase(descriptor.number());
    return 0;
}

void FakeKernel::hang_up(File& file)
{
    if (file.out) {
        file.out->writer_gone = true;
        file.out->reset |= file.in && !file.in->bytes.empty();
    }
    if (file.in)
        file.in->reader_gone = true;
}

int FakeKernel::setsockopt(Descriptor descriptor, int level, int name, const void* value,
                           socklen_t size)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    file->options[{level, name}].assign(static_cast<const char*>(value), size);
    return 0;
}

/// What has been set; of anything else, zeros.
int FakeKernel::getsockopt(Descriptor descriptor, int level, int name, void* value, socklen_t& size)
{
    File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    if (file->type == of_a_pipe)
        return -ENOTSOCK;
    std::memset(value, 0, size);
    if (level == SOL_SOCKET && name == SO_TYPE && size == sizeof(int))
        *static_cast<int*>(value) = file->type;
    else if (const auto set = file->options.find({level, name}); set != file->options.end()) {
        size = static_cast<socklen_t>(std::min<std::size_t>(size, set->second.size()));
        std::memcpy(value, set->second.data(), size);
    }
    return 0;
}

int FakeKernel::getsockname(Descriptor descriptor, sockaddr* address, socklen_t& size)
{
    const File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    give(file->address, address, size);
    return 0;
}

int FakeKernel::getpeername(Descriptor descriptor, sockaddr* address, socklen_t& size)
{
    const File* const file = find(descriptor);
    if (!file)
        return -EBADF;
    if (!file->in && file->peer.empty())
        return -ENOTCONN;
    give(file->peer, address, size);
    return 0;
}

/// Nothing happens in memory while nobody runs, so there is no point in waiting.
int FakeKernel::poll(std::span<pollfd> descriptors, Duration timeout)
{
    int count = 0;
    for (pollfd& entry : descriptors) {
        entry.revents = 0;
        if (is_real(Descriptor(entry.fd))) {
            system_kernel().poll({&entry, 1}, Duration::zero());
        } else {
            File* const file = find(Descriptor(entry.fd));
            const int ready = !file                      ? POLLNVAL
                              : file->type == SOCK_DGRAM ? readiness_for_datagrams(*file)
                                                         : readiness(*file);
            entry.revents =
                static_cast<short>(ready & (entry.events | POLLHUP | POLLERR | POLLNVAL));
        }
        count += entry.revents != 0;
    }
    if (count == 0 && timeout < Duration::zero())
        throw std::logic_error("FakeKernel: all wait for each other, for ever");
    return count;
}

short FakeKernel::readiness(const File& file)
{
    if (file.listening)
        return file.backlog.empty() ? 0 : POLLIN;
    if (file.type == of_a_pipe)
        return readiness_of_pipe(file);
    if (!file.in)
        return POLLHUP;
    int ready = 0;
    if (!file.in->bytes.empty() || file.in->writer_gone)
        ready |= POLLIN;
    if (file.out->bytes.size() < capacity || file.out->reader_gone)
        ready |= POLLOUT;
    if (file.in->writer_gone && file.out->reader_gone)
        ready |= POLLHUP;
    if (file.in->reset)
        ready |= POLLERR;
    return static_cast<short>(ready);
}

std::string FakeKernel::unused_address(int family)
{
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(++last_port_);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = v4.sin_port;
    v6.sin6_addr = in6addr_loopback;
    switch (family) {
    case AF_INET:
        return bytes_of(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
    case AF_INET6:
        return bytes_of(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
    default:
        return {};
    }
}

void FakeKernel::connect(File& a, File& b)
{
    a.in = b.out = std::make_shared<Pipe>();
    b.in = a.out = std::make_shared<Pipe>();
}

bool FakeKernel::is_for_datagrams(Descriptor descriptor)
{
    const File* const file = find(descriptor);
    return file && file->type == SOCK_DGRAM;
}

FakeKernel::File* FakeKernel::find(Descriptor descriptor)
{
    const auto found = files_.find(descriptor.number());
    return found == files_.end() ? nullptr : found->second.get();
}

/// The lowest free number, as the system does.
int FakeKernel::add(std::shared_ptr<File> file)
{
    int number = first_number;
    while (files_.contains(number))
        ++number;
    files_[number] = std::move(file);
    return number;
}

}
