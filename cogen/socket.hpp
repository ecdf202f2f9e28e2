// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/close.hpp"
#include "cogen/endpoint.hpp"
#include "cogen/open_descriptor.hpp"
#include "cogen/operations/read.hpp"
#include "cogen/operations/write.hpp"

namespace cogen {

/// A connected stream: TCP, or a Unix socket. Its methods answer with operations to be yielded, so
/// it must stay where it is until these are complete. At its end it closes the connection.
///
/// One coroutine may read while another writes; two at the same get SimultaneousError. An empty
/// one (moved from, or closed) fails all operations with EBADF.
class Socket {
public:
    Socket() = default;  ///< empty
    Socket(Scheduler& scheduler, Descriptor descriptor) : descriptor_(scheduler, descriptor) {}

    Read read(MutableBuffer buffer) const { return {descriptor(), buffer}; }
    Write write(ConstBuffer buffer) const { return {descriptor(), buffer}; }
    Close close() { return Close(descriptor_); }

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    Descriptor descriptor() const { return descriptor_.get(); }

    /// Gives the descriptor up without closing it: then it is the caller's to close.
    Descriptor release() { return descriptor_.release(); }

private:
    OpenDescriptor descriptor_;
};

/// Two sockets connected with each other, by socketpair(2).
std::pair<Socket, Socket> socket_pair(Scheduler& scheduler);

}
