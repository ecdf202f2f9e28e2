// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/accept.hpp"
#include "cogen/accept_many.hpp"
#include "cogen/close.hpp"
#include "cogen/endpoint.hpp"

namespace cogen {

/// Where connections arrive; `yield(listener.accept())` answers with the next. It must stay where
/// it is until that is complete. At its end it stops listening; the path of a Unix socket stays.
///
/// It keeps one descriptor back. When the process has no other left, whoever comes is turned away
/// with it: his connection is closed at once, and the server goes on.
class Listener {
public:
    Listener() = default;  ///< empty

    /// Takes over a socket that listens at `endpoint` and does not block.
    Listener(Scheduler& scheduler, OpenDescriptor descriptor, const Endpoint& endpoint)
        : descriptor_(std::move(descriptor)), endpoint_(endpoint)
    {
        spare_.take(scheduler);
    }

    Accept accept() const { return Accept(descriptor(), stream_kind_at(endpoint_), &spare_); }

    /// All that have come already, but no more than there is room for in `sockets`.
    AcceptMany accept_many(std::span<Socket> sockets) const
    {
        return {descriptor(), sockets, stream_kind_at(endpoint_), &spare_};
    }

    Close close()
    {
        spare_.give_back();
        return Close(descriptor_);
    }

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    Descriptor descriptor() const { return descriptor_.get(); }
    SocketOptions options() const { return descriptor_.options(); }

    /// Where it listens, with the port that the system has chosen where 0 was asked for.
    const Endpoint& endpoint() const { return endpoint_; }

    /// How many connections have been closed at once, for want of descriptors.
    std::uint64_t turned_away() const { return spare_.turned_away(); }

private:
    OpenDescriptor descriptor_;
    Endpoint endpoint_;
    mutable SpareDescriptor spare_;  // no part of where connections arrive
};

}
