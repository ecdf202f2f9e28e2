// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/close.hpp"
#include "cogen/endpoint.hpp"
#include "cogen/open_descriptor.hpp"
#include "cogen/operations/read.hpp"
#include "cogen/operations/read_exactly.hpp"
#include "cogen/operations/readv.hpp"
#include "cogen/operations/sendfile.hpp"
#include "cogen/operations/shutdown.hpp"
#include "cogen/operations/write.hpp"
#include "cogen/operations/write_some.hpp"
#include "cogen/operations/writev.hpp"

#include <initializer_list>
#include <span>

namespace cogen {

/// A connected stream: TCP, or a Unix socket. Its methods answer with operations to be yielded. At
/// its end it closes the connection.
///
/// One coroutine may read while another writes; two at the same get SimultaneousError. An empty
/// one (moved from, or closed) has nothing to read from or write to: EBADF.
class Socket {
public:
    Socket() = default;  ///< empty

    /// Takes over a connected socket.
    Socket(Scheduler& scheduler, Descriptor descriptor,
           Read::ShortRead short_read = Read::ShortRead::tells_nothing)
        : descriptor_(scheduler, descriptor), short_read_(short_read)
    {}

    /// Reads what there is; 0 is the end. The buffer stays the caller's.
    Read read(MutableBuffer buffer) const { return {descriptor(), buffer, short_read_, timeout_}; }

    /// Reads until the buffer is full.
    ReadExactly read_exactly(MutableBuffer buffer) const
    {
        return {descriptor(), buffer, short_read_, timeout_};
    }

    /// Reads what there is, into one buffer after the other.
    Readv readv(std::span<const MutableBuffer> buffers) const
    {
        return {descriptor(), buffers, short_read_, timeout_};
    }
    Readv readv(std::initializer_list<MutableBuffer> buffers) const
    {
        return readv(std::span(buffers.begin(), buffers.size()));
    }

    /// Writes all of it.
    Write write(ConstBuffer buffer) const { return {descriptor(), buffer, timeout_}; }

    /// Writes as much as there is room for.
    WriteSome write_some(ConstBuffer buffer) const { return {descriptor(), buffer, timeout_}; }

    /// Writes all of several buffers.
    Writev writev(std::span<const ConstBuffer> buffers) const
    {
        return {descriptor(), buffers, timeout_};
    }
    Writev writev(std::initializer_list<ConstBuffer> buffers) const
    {
        return writev(std::span(buffers.begin(), buffers.size()));
    }

    /// Writes a part of a file, or all that follows.
    Sendfile sendfile(Descriptor file, std::uint64_t offset = 0,
                      std::uint64_t length = Sendfile::until_end) const
    {
        return {descriptor(), file, offset, length, timeout_};
    }

    /// The peer reads the end of the stream, and may write on; or what `direction` says.
    Shutdown shutdown(Shutdown::Direction direction = Shutdown::Direction::writing) const
    {
        return {descriptor(), direction};
    }

    /// The socket must stay where it is until this is complete.
    Close close() { return Close(descriptor_); }

    /// How long its operations may take that say nothing themselves; unset: as the scheduler says.
    void timeout(Timeout timeout) { timeout_ = timeout; }
    Timeout timeout() const { return timeout_; }

    /// What a short read tells of it: see Read.
    Read::ShortRead short_read() const { return short_read_; }

    SocketOptions options() const { return descriptor_.options(); }
    Endpoint local_endpoint() const { return descriptor_.local_endpoint(); }
    Endpoint remote_endpoint() const { return descriptor_.remote_endpoint(); }

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
