// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/close.hpp"
#include "cogen/endpoint.hpp"
#include "cogen/open_descriptor.hpp"
#include "cogen/operations/read.hpp"
#include "cogen/operations/write.hpp"

namespace cogen {

/// A connected stream: TCP, or a Unix socket. Its methods answer with operations to be yielded. At
/// its end it closes the connection.
///
/// One coroutine may read while another writes; two at the same get SimultaneousError. An empty
/// one (moved from, or closed) has nothing to read from or write to: EBADF.
class Socket {
public:
    Socket() = default;  ///< empty
    Socket(Scheduler& scheduler, Descriptor descriptor,
           Read::ShortRead short_read = Read::ShortRead::tells_nothing)
        : descriptor_(scheduler, descriptor), short_read_(short_read)
    {}

    Read read(MutableBuffer buffer) const { return {descriptor(), buffer, short_read_, timeout_}; }
    Write write(ConstBuffer buffer) const { return {descriptor(), buffer, timeout_}; }

    /// How long its operations may take that say nothing themselves; unset: as the scheduler says.
    void timeout(Timeout timeout) { timeout_ = timeout; }

    /// The socket must stay where it is until this is complete.
    Close close() { return Close(descriptor_); }

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    Descriptor descriptor() const { return descriptor_.get(); }

    /// Gives the descriptor up without closing it: then it is the caller's to close.
    Descriptor release() { return descriptor_.release(); }

private:
    OpenDescriptor descriptor_;
    Read::ShortRead short_read_ = Read::ShortRead::tells_nothing;
    Timeout timeout_;
};

/// What Read may conclude of connections to this endpoint.
inline Read::ShortRead short_read_at(const Endpoint& endpoint)
{
    return endpoint.is_unix() ? Read::ShortRead::tells_nothing : Read::ShortRead::means_empty;
}

/// Two sockets connected with each other, by socketpair(2).
std::pair<Socket, Socket> socket_pair(Scheduler& scheduler);

}
