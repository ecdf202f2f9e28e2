// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/buffer.hpp"
#include "cogen/clock.hpp"
#include "cogen/descriptor.hpp"

#include <cstdint>
#include <span>
#include <string_view>

#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

namespace cogen {

/// How often a system call was made.
struct CallCount {
    std::string_view name;
    std::uint64_t count = 0;
};

/// The system calls that operations make, each named as the call it makes, and the clock.
///
/// The real one is SystemKernel. Others count, fail on purpose, or play a whole network in memory
/// with a clock of their own. No call blocks but poll(). Each answers as the system call does, with
/// -errno for an error; one interrupted by a signal is made again. Sockets need not be set not to
/// block for those that carry data.
class Kernel {
public:
    virtual ~Kernel() = default;

    virtual TimePoint now() = 0;

    /// Whether time passes only when advance_to() says so.
    virtual bool time_is_virtual() const { return false; }
    virtual void advance_to(TimePoint) {}

    /// Whether a call made here is the system's and no more. Then a reactor may have the system
    /// make it without us, and who counts calls here does not see it.
    virtual bool is_the_system() const { return false; }

    /// A socket that does not block and is closed on exec.
    virtual int socket(int family, int type) = 0;
    virtual int socketpair(int family, int type, Descriptor (&pair)[2]) = 0;
    virtual int bind(Descriptor descriptor, const sockaddr* address, socklen_t size) = 0;
    virtual int listen(Descriptor descriptor, int backlog) = 0;

    /// Answers with the number of a new descriptor, which does not block and is closed on exec.
    virtual int accept(Descriptor descriptor) = 0;
    virtual int connect(Descriptor descriptor, const sockaddr* address, socklen_t size) = 0;

    virtual ssize_t recv(Descriptor descriptor, MutableBuffer buffer) = 0;

    /// Never raises SIGPIPE.
    virtual ssize_t send(Descriptor descriptor, ConstBuffer buffer) = 0;

    /// With the flags in `message.msg_flags`, where recvmsg leaves its own. These two neither block
    /// nor raise SIGPIPE, whatever the flags.
    virtual ssize_t recvmsg(Descriptor descriptor, msghdr& message) = 0;
    virtual ssize_t sendmsg(Descriptor descriptor, const msghdr& message) = 0;

    /// For what is no socket: a pipe, a terminal, a file ... Where the descriptor blocks, poll() is
    /// asked first, and no more than PIPE_BUF bytes are written at once. These never raise SIGPIPE,
    /// either. A terminal whose other side nobody has open is at its end: 0.
    virtual ssize_t read(Descriptor descriptor, MutableBuffer buffer) = 0;
    virtual ssize_t write(Descriptor descriptor, ConstBuffer buffer) = 0;
    virtual ssize_t readv(Descriptor descriptor, std::span<const iovec> buffers) = 0;
    virtual ssize_t writev(Descriptor descriptor, std::span<const iovec> buffers) = 0;

    /// Both ends of a pipe, which do not block and are closed on exec: for reading, for writing.
    virtual int pipe(Descriptor (&ends)[2]) = 0;
    virtual int fcntl(Descriptor descriptor, int command, int value) = 0;

    /// Sends so many bytes of `file`, from `offset` on, and leaves the file's own offset alone. 0:
    /// the file ends there. Reading it may take its time. Never raises SIGPIPE.
    virtual ssize_t sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                             std::size_t count) = 0;

    virtual int shutdown(Descriptor descriptor, int how) = 0;
    virtual int close(Descriptor descriptor) = 0;

    virtual int setsockopt(Descriptor descriptor, int level, int name, const void* value,
                           socklen_t size) = 0;
    virtual int getsockopt(Descriptor descriptor, int level, int name, void* value,
                           socklen_t& size) = 0;
    virtual int getsockname(Descriptor descriptor, sockaddr* address, socklen_t& size) = 0;
    virtual int getpeername(Descriptor descriptor, sockaddr* address, socklen_t& size) = 0;

    /// Waits no longer than `timeout`, and without end where that is negative. An interruption by a
    /// signal is a wait in which nothing happened: it answers 0.
    virtual int poll(std::span<pollfd> descriptors, Duration timeout) = 0;

    // For the many options that are an int.

    int setsockopt(Descriptor descriptor, int level, int name, int value)
    {
        return setsockopt(descriptor, level, name, &value, sizeof value);
    }
    int getsockopt(Descriptor descriptor, int level, int name, int& value)
    {
        socklen_t size = sizeof value;
        return getsockopt(descriptor, level, name, &value, size);
    }
};

/// The operating system's.
class SystemKernel final : public Kernel {
public:
    TimePoint now() override;
    bool is_the_system() const override { return true; }
    int socket(int family, int type) override;
    int socketpair(int family, int type, Descriptor (&pair)[2]) override;
    int bind(Descriptor descriptor, const sockaddr* address, socklen_t size) override;
    int listen(Descriptor descriptor, int backlog) override;
    int accept(Descriptor descriptor) override;
    int connect(Descriptor descriptor, const sockaddr* address, socklen_t size) override;
    ssize_t recv(Descriptor descriptor, MutableBuffer buffer) override;
    ssize_t send(Descriptor descriptor, ConstBuffer buffer) override;
    ssize_t recvmsg(Descriptor descriptor, msghdr& message) override;
    ssize_t sendmsg(Descriptor descriptor, const msghdr& message) override;
    ssize_t read(Descriptor descriptor, MutableBuffer buffer) override;
    ssize_t write(Descriptor descriptor, ConstBuffer buffer) override;
    ssize_t readv(Descriptor descriptor, std::span<const iovec> buffers) override;
    ssize_t writev(Descriptor descriptor, std::span<const iovec> buffers) override;
    int pipe(Descriptor (&ends)[2]) override;
    int fcntl(Descriptor descriptor, int command, int value) override;
    ssize_t sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                     std::size_t count) override;
    int shutdown(Descriptor descriptor, int how) override;
    int close(Descriptor descriptor) override;
    using Kernel::getsockopt;
    using Kernel::setsockopt;
    int setsockopt(Descriptor descriptor, int level, int name, const void* value,
                   socklen_t size) override;
    int getsockopt(Descriptor descriptor, int level, int name, void* value,
                   socklen_t& size) override;
    int getsockname(Descriptor descriptor, sockaddr* address, socklen_t& size) override;
    int getpeername(Descriptor descriptor, sockaddr* address, socklen_t& size) override;
    int poll(std::span<pollfd> descriptors, Duration timeout) override;
};

/// One for all who want no other. It has no state.
Kernel& system_kernel();

}
