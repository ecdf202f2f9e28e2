// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/kernel.hpp"

namespace cogen {

/// A kernel that passes each call on to another. Derive from it to change some of them; one that
/// changes none of those on descriptors says in is_the_system() what the other says.
class KernelDecorator : public Kernel {
public:
    explicit KernelDecorator(Kernel& inner) : inner_(inner) {}

    TimePoint now() override { return inner_.now(); }
    bool time_is_virtual() const override { return inner_.time_is_virtual(); }
    void advance_to(TimePoint time) override { inner_.advance_to(time); }

    int socket(int family, int type) override { return inner_.socket(family, type); }
    int socketpair(int family, int type, Descriptor (&pair)[2]) override
    {
        return inner_.socketpair(family, type, pair);
    }
    int bind(Descriptor descriptor, const sockaddr* address, socklen_t size) override
    {
        return inner_.bind(descriptor, address, size);
    }
    int listen(Descriptor descriptor, int backlog) override
    {
        return inner_.listen(descriptor, backlog);
    }
    int accept(Descriptor descriptor) override { return inner_.accept(descriptor); }
    int connect(Descriptor descriptor, const sockaddr* address, socklen_t size) override
    {
        return inner_.connect(descriptor, address, size);
    }
    ssize_t recv(Descriptor descriptor, MutableBuffer buffer) override
    {
        return inner_.recv(descriptor, buffer);
    }
    ssize_t send(Descriptor descriptor, ConstBuffer buffer) override
    {
        return inner_.send(descriptor, buffer);
    }
    ssize_t recvmsg(Descriptor descriptor, msghdr& message) override
    {
        return inner_.recvmsg(descriptor, message);
    }
    ssize_t sendmsg(Descriptor descriptor, const msghdr& message) override
    {
        return inner_.sendmsg(descriptor, message);
    }
    ssize_t read(Descriptor descriptor, MutableBuffer buffer) override
    {
        return inner_.read(descriptor, buffer);
    }
    ssize_t write(Descriptor descriptor, ConstBuffer buffer) override
    {
        return inner_.write(descriptor, buffer);
    }
    ssize_t readv(Descriptor descriptor, std::span<const iovec> buffers) override
    {
        return inner_.readv(descriptor, buffers);
    }
    ssize_t writev(Descriptor descriptor, std::span<const iovec> buffers) override
    {
        return inner_.writev(descriptor, buffers);
    }
    int pipe(Descriptor (&ends)[2]) override { return inner_.pipe(ends); }
    int fcntl(Descriptor descriptor, int command, int value) override
    {
        return inner_.fcntl(descriptor, command, value);
    }
    ssize_t sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                     std::size_t count) override
    {
        return inner_.sendfile(descriptor, file, offset, count);
    }
    int shutdown(Descriptor descriptor, int how) override
    {
        return inner_.shutdown(descriptor, how);
    }
    int close(Descriptor descriptor) override { return inner_.close(descriptor); }
    using Kernel::getsockopt;
    using Kernel::setsockopt;
    int setsockopt(Descriptor descriptor, int level, int name, const void* value,
                   socklen_t size) override
    {
        return inner_.setsockopt(descriptor, level, name, value, size);
    }
    int getsockopt(Descriptor descriptor, int level, int name, void* value,
                   socklen_t& size) override
    {
        return inner_.getsockopt(descriptor, level, name, value, size);
    }
    int getsockname(Descriptor descriptor, sockaddr* address, socklen_t& size) override
    {
        return inner_.getsockname(descriptor, address, size);
    }
    int getpeername(Descriptor descriptor, sockaddr* address, socklen_t& size) override
    {
        return inner_.getpeername(descriptor, address, size);
    }
    int poll(std::span<pollfd> descriptors, Duration timeout) override
    {
        return inner_.poll(descriptors, timeout);
    }

protected:
    const Kernel& inner() const { return inner_; }

private:
    Kernel& inner_;
};

}
