// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/descriptor_stream.hpp"
#include "cogen/endpoint.hpp"
#include "cogen/operations/send_descriptors.hpp"
#include "cogen/operations/sendfile.hpp"
#include "cogen/operations/shutdown.hpp"
#include "cogen/receive_descriptors.hpp"

namespace cogen {

/// A connected stream: TCP, or a Unix socket. Its methods answer with operations to be yielded. At
/// its end it closes the connection.
///
/// One coroutine may read while another writes; two at the same get SimultaneousError. An empty
/// one (moved from, or closed) has nothing to read from or write to: EBADF.
class Socket : public DescriptorStream {
public:
    Socket() = default;  ///< empty

    /// Takes over a connected socket.
    Socket(Scheduler& scheduler, Descriptor descriptor, StreamKind kind = StreamKind::socket)
        : DescriptorStream(OpenDescriptor(scheduler, descriptor), kind)
    {}

    /// Writes a part of a file, or all that follows.
    Sendfile sendfile(Descriptor file, std::uint64_t offset = 0,
                      std::uint64_t length = Sendfile::until_end) const
    {
        return {descriptor(), file, offset, length, timeout()};
    }

    /// The peer reads the end of the stream, and may write on; or what `direction` says.
    Shutdown shutdown(Shutdown::Direction direction = Shutdown::Direction::writing) const
    {
        return {descriptor(), direction};
    }

    /// Writes all of it, and passes these descriptors on with its first byte. For Unix sockets.
    SendDescriptors send_descriptors(std::span<const Descriptor> descriptors,
                                     ConstBuffer buffer) const
    {
        return {descriptor(), descriptors, buffer, timeout()};
    }
    SendDescriptors send_descriptors(std::initializer_list<Descriptor> descriptors,
                                     ConstBuffer buffer) const
    {
        return send_descriptors(std::span(descriptors.begin(), descriptors.size()), buffer);
    }

    /// Reads what there is, and takes the descriptors that come with it.
    ReceiveDescriptors receive_descriptors(MutableBuffer buffer,
                                           std::span<OpenDescriptor> descriptors) const
    {
        return {descriptor(), buffer, descriptors, timeout()};
    }

    SocketOptions options() const { return open_descriptor().options(); }
    Endpoint local_endpoint() const { return open_descriptor().local_endpoint(); }
    Endpoint remote_endpoint() const { return open_descriptor().remote_endpoint(); }
};

/// Of what kind connections to this endpoint are.
inline StreamKind stream_kind_at(const Endpoint& endpoint)
{
    return endpoint.is_unix() ? StreamKind::socket : StreamKind::tcp;
}

/// Two sockets connected with each other, by socketpair(2).
std::pair<Socket, Socket> socket_pair(Scheduler& scheduler);

}
