// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/endpoint.hpp"
#include "cogen/io_operation.hpp"
#include "cogen/submission.hpp"
#include "reactors/kernel.hpp"

#include <algorithm>

#include <sys/uio.h>

namespace cogen {

/// What is known of a datagram that has been received.
struct Datagram {
    std::size_t size = 0;    ///< of what is in the buffer
    bool truncated = false;  ///< it was longer than the buffer: the rest is lost

    /// How long it was, where the system tells, as Linux does; otherwise as much as `size`.
    std::size_t full_size = 0;

    Endpoint sender;  ///< none where that is a Unix socket without an address
};

/// Receives one datagram, by recvmsg(2), and tells what is known of it. An empty one is a datagram
/// like others, and no end. One that is longer than the buffer is cut, and says so.
///
/// A socket that is connected with a peer that is not there fails with ECONNREFUSED once that is
/// known, and can be used again.
///
/// Ended early, it has received nothing: what arrives is there for the next. Once it has received,
/// it has succeeded, and its datagram is delivered.
class [[nodiscard]] ReceiveFrom final : public IoOperation {
public:
    ReceiveFrom(Descriptor descriptor, MutableBuffer buffer, Timeout timeout = {})
        : IoOperation(descriptor, Interest::read), buffer_(buffer)
    {
        limit_to(timeout);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return kernel.recvmsg(descriptor(), message());
    }

    bool prepare(Submission& submission) noexcept override
    {
        return submission.recvmsg(descriptor(), message());
    }

    bool advance(ssize_t answer) noexcept override
    {
        if (answer < 0)
            return failed(answer);
        datagram_.full_size = static_cast<std::size_t>(answer);
        datagram_.size = std::min(datagram_.full_size, buffer_.size());
        datagram_.truncated = (message_.msg_flags & MSG_TRUNC) != 0;
        datagram_.sender = {sender_, message_.msg_namelen};
        return true;
    }

    Datagram result() const
    {
        throw_if_failed();
        return datagram_;
    }

    std::string describe() const override
    {
        return describe_as("ReceiveFrom", std::to_string(buffer_.size()) + " bytes");
    }

private:
#ifdef __linux__
    static constexpr int tell_full_size = MSG_TRUNC;
#else
    static constexpr int tell_full_size = 0;
#endif

    msghdr& message()
    {
        sender_ = {};
        part_ = {buffer_.data(), buffer_.size()};
        message_ = {};
        message_.msg_name = &sender_;
        message_.msg_namelen = sizeof sender_;
        message_.msg_iov = &part_;
        message_.msg_iovlen = 1;
        message_.msg_flags = tell_full_size;
        return message_;
    }

    MutableBuffer buffer_;
    Datagram datagram_;
    sockaddr_storage sender_{};  // these three for a kernel that comes later
    iovec part_{};
    msghdr message_{};
};

}
