// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/close.hpp"
#include "cogen/open_descriptor.hpp"
#include "cogen/operations/send_descriptors.hpp"
#include "cogen/receive_descriptors.hpp"
#include "cogen/receive_from.hpp"
#include "cogen/send_to.hpp"

#include <initializer_list>
#include <span>
#include <utility>

namespace cogen {

/// A socket for datagrams: UDP, or a Unix socket of that kind. Its methods answer with operations
/// to be yielded. At its end it is closed; the path of a Unix socket stays.
///
/// One that is bound has an address at which datagrams arrive; one that is connected sends to one
/// peer, and hears of no other. One coroutine may receive while another sends; two at the same get
/// SimultaneousError. An empty one has nothing to receive from or send to: EBADF.
class DatagramSocket {
public:
    DatagramSocket() = default;  ///< empty

    /// Takes over such a socket.
    DatagramSocket(Scheduler& scheduler, Descriptor descriptor) : descriptor_(scheduler, descriptor)
    {}

    /// Receives the next datagram, up to the size of the buffer, which stays the caller's.
    ReceiveFrom receive_from(MutableBuffer buffer) const
    {
        return {descriptor(), buffer, timeout_};
    }

    /// Sends one to an endpoint.
    SendTo send_to(ConstBuffer buffer, const Endpoint& to) const
    {
        return {descriptor(), buffer, to, timeout_};
    }

    /// Sends one to the peer that it is connected with.
    SendTo send(ConstBuffer buffer) const { return {descriptor(), buffer, {}, timeout_}; }

    /// Sends one to the peer that it is connected with, and passes these descriptors on with it.
    SendDescriptors send_descriptors(std::span<const Descriptor> descriptors,
                                     ConstBuffer buffer) const
    {
        return {descriptor(), descriptors, buffer, timeout_};
    }
    SendDescriptors send_descriptors(std::initializer_list<Descriptor> descriptors,
                                     ConstBuffer buffer) const
    {
        return send_descriptors(std::span(descriptors.begin(), descriptors.size()), buffer);
    }

    /// Receives the next one, and takes the descriptors that come with it.
    ReceiveDescriptors receive_descriptors(MutableBuffer buffer,
                                           std::span<OpenDescriptor> descriptors) const
    {
        return {descriptor(), buffer, descriptors, timeout_};
    }

    /// The socket must stay where it is until this is complete.
    Close close() { return Close(descriptor_); }

    /// How long its operations may take that say nothing themselves; unset: as the scheduler says.
    void timeout(Timeout timeout) { timeout_ = timeout; }
    Timeout timeout() const { return timeout_; }

    SocketOptions options() const { return descriptor_.options(); }
    Endpoint local_endpoint() const { return descriptor_.local_endpoint(); }
    Endpoint remote_endpoint() const { return descriptor_.remote_endpoint(); }

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    Descriptor descriptor() const { return descriptor_.get(); }

    /// Gives the descriptor up without closing it: then it is the caller's to close.
    Descriptor release() { return descriptor_.release(); }

private:
    OpenDescriptor descriptor_;
    Timeout timeout_;
};

/// Two Unix sockets for datagrams, connected with each other, by socketpair(2). Who receives is not
/// told when the other is closed. Who sends is, by an error: on Linux by ECONNREFUSED, with which
/// all is lost that has come and not been received, and then by ENOTCONN.
std::pair<DatagramSocket, DatagramSocket> datagram_pair(Scheduler& scheduler);

}
