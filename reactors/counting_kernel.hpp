// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/kernel_decorator.hpp"

#include <vector>

namespace cogen {

/// Counts the calls that go through it. Reading the clock is no system call and is not counted.
class CountingKernel final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    bool is_the_system() const override { return inner().is_the_system(); }

    /// Each call made at least once, and how often.
    std::vector<CallCount> calls() const
    {
        std::vector<CallCount> made;
        for (const CallCount& call :
             {socket_, socketpair_, bind_,       listen_,      accept_,      connect_,
              recv_,   send_,       recvmsg_,    sendmsg_,     read_,        write_,
              readv_,  writev_,     pipe_,       fcntl_,       sendfile_,    shutdown_,
              close_,  setsockopt_, getsockopt_, getsockname_, getpeername_, poll_})
            if (call.count > 0)
                made.push_back(call);
        return made;
    }

    int socket(int family, int type) override
    {
        ++socket_.count;
        return KernelDecorator::socket(family, type);
    }
    int socketpair(int family, int type, Descriptor (&pair)[2]) override
    {
        ++socketpair_.count;
        return KernelDecorator::socketpair(family, type, pair);
    }
    int bind(Descriptor descriptor, const sockaddr* address, socklen_t size) override
    {
        ++bind_.count;
        return KernelDecorator::bind(descriptor, address, size);
    }
    int listen(Descriptor descriptor, int backlog) override
    {
        ++listen_.count;
        return KernelDecorator::listen(descriptor, backlog);
    }
    int accept(Descriptor descriptor) override
    {
        ++accept_.count;
        return KernelDecorator::accept(descriptor);
    }
    int connect(Descriptor descriptor, const sockaddr* address, socklen_t size) override
    {
        ++connect_.count;
        return KernelDecorator::connect(descriptor, address, size);
    }
    ssize_t recv(Descriptor descriptor, MutableBuffer buffer) override
    {
        ++recv_.count;
        return KernelDecorator::recv(descriptor, buffer);
    }
    ssize_t send(Descriptor descriptor, ConstBuffer buffer) override
    {
        ++send_.count;
        return KernelDecorator::send(descriptor, buffer);
    }
    ssize_t recvmsg(Descriptor descriptor, msghdr& message) override
    {
        ++recvmsg_.count;
        return KernelDecorator::recvmsg(descriptor, message);
    }
    ssize_t sendmsg(Descriptor descriptor, const msghdr& message) override
    {
        ++sendmsg_.count;
        return KernelDecorator::sendmsg(descriptor, message);
    }
    ssize_t read(Descriptor descriptor, MutableBuffer buffer) override
    {
        ++read_.count;
        return KernelDecorator::read(descriptor, buffer);
    }
    ssize_t write(Descriptor descriptor, ConstBuffer buffer) override
    {
        ++write_.count;
        return KernelDecorator::write(descriptor, buffer);
    }
    ssize_t readv(Descriptor descriptor, std::span<const iovec> buffers) override
    {
        ++readv_.count;
        return KernelDecorator::readv(descriptor, buffers);
    }
    ssize_t writev(Descriptor descriptor, std::span<const iovec> buffers) override
    {
        ++writev_.count;
        return KernelDecorator::writev(descriptor, buffers);
    }
    int pipe(Descriptor (&ends)[2]) override
    {
        ++pipe_.count;
        return KernelDecorator::pipe(ends);
    }
    int fcntl(Descriptor descriptor, int command, int value) override
    {
        ++fcntl_.count;
        return KernelDecorator::fcntl(descriptor, command, value);
    }
    ssize_t sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                     std::size_t count) override
    {
        ++sendfile_.count;
        return KernelDecorator::sendfile(descriptor, file, offset, count);
    }
    int shutdown(Descriptor descriptor, int how) override
    {
        ++shutdown_.count;
        return KernelDecorator::shutdown(descriptor, how);
    }
    int close(Descriptor descriptor) override
    {
        ++close_.count;
        return KernelDecorator::close(descriptor);
    }
    using Kernel::getsockopt;
    using Kernel::setsockopt;
    int setsockopt(Descriptor descriptor, int level, int name, const void* value,
                   socklen_t size) override
    {
        ++setsockopt_.count;
        return KernelDecorator::setsockopt(descriptor, level, name, value, size);
    }
    int getsockopt(Descriptor descriptor, int level, int name, void* value,
                   socklen_t& size) override
    {
        ++getsockopt_.count;
        return KernelDecorator::getsockopt(descriptor, level, name, value, size);
    }
    int getsockname(Descriptor descriptor, sockaddr* address, socklen_t& size) override
    {
        ++getsockname_.count;
        return KernelDecorator::getsockname(descriptor, address, size);
    }
    int getpeername(Descriptor descriptor, sockaddr* address, socklen_t& size) override
    {
        ++getpeername_.count;
        return KernelDecorator::getpeername(descriptor, address, size);
    }
    int poll(std::span<pollfd> descriptors, Duration timeout) override
    {
        ++poll_.count;
        return KernelDecorator::poll(descriptors, timeout);
    }

private:
    CallCount socket_{"socket"}, socketpair_{"socketpair"}, bind_{"bind"}, listen_{"listen"};
    CallCount accept_{"accept"}, connect_{"connect"}, recv_{"recv"}, send_{"send"};
    CallCount recvmsg_{"recvmsg"}, sendmsg_{"sendmsg"}, sendfile_{"sendfile"};
    CallCount read_{"read"}, write_{"write"}, readv_{"readv"}, writev_{"writev"};
    CallCount pipe_{"pipe"}, fcntl_{"fcntl"};
    CallCount shutdown_{"shutdown"}, close_{"close"}, poll_{"poll"};
    CallCount setsockopt_{"setsockopt"}, getsockopt_{"getsockopt"};
    CallCount getsockname_{"getsockname"}, getpeername_{"getpeername"};
};

}
