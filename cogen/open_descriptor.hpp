// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/endpoint.hpp"
#include "cogen/scheduler.hpp"
#include "cogen/socket_options.hpp"

#include <memory>
#include <utility>

namespace cogen {

/// Owns an open descriptor, and closes it at its end: through the reactor, which ends whoever waits
/// for it with errc::closed, or directly where the scheduler is gone already.
/// It can be moved, and is then empty.
class OpenDescriptor {
public:
    OpenDescriptor() = default;
    OpenDescriptor(Scheduler& scheduler, Descriptor descriptor)
        : reactor_(scheduler.shared_reactor()), descriptor_(descriptor)
    {}
    OpenDescriptor(OpenDescriptor&& other) noexcept
        : reactor_(std::move(other.reactor_)),
          descriptor_(std::exchange(other.descriptor_, Descriptor())),
          blocked_before_(std::exchange(other.blocked_before_, false))
    {}
    OpenDescriptor& operator=(OpenDescriptor&& other) noexcept
    {
        if (this != &other) {
            close();
            reactor_ = std::move(other.reactor_);
            descriptor_ = std::exchange(other.descriptor_, Descriptor());
            blocked_before_ = std::exchange(other.blocked_before_, false);
        }
        return *this;
    }
    ~OpenDescriptor();

    explicit operator bool() const { return descriptor_.valid(); }
    Descriptor get() const { return descriptor_; }

    /// Of a socket. The answer is for use at once.
    SocketOptions options() const { return {kernel(), descriptor_}; }

    /// Where a socket is bound, and where it is connected to: getsockname(2) and getpeername(2).
    /// They throw the system's error, as that it is not connected.
    Endpoint local_endpoint() const;
    Endpoint remote_endpoint() const;

    /// Has calls on it return where they would wait, as long as it is owned here. One that is not
    /// open stays as it is, which shows when it is used.
    void stop_blocking();

    /// Gives it up without closing it. Whoever waits for it ends with errc::closed, and the reactor
    /// knows it no longer.
    Descriptor release();

    /// Closes it now. Answers with the system's error, if any; it is empty all the same.
    error_code close();

private:
    using AddressCall = int (Kernel::*)(Descriptor, sockaddr*, socklen_t&);

    Kernel& kernel() const;
    void block_as_before();
    Endpoint ask(const char* name, AddressCall call) const;

    std::weak_ptr<Reactor> reactor_;
    Descriptor descriptor_;
    bool blocked_before_ = false;
};

}
