// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/endpoint.hpp"
#include "cogen/io_operation.hpp"
#include "cogen/submission.hpp"
#include "reactors/kernel.hpp"

#include <cerrno>

#include <sys/uio.h>

namespace cogen {

/// Sends one datagram, whole or not at all, by sendmsg(2): to `to`, or to the peer that its socket
/// is connected with where that is none. Answers with its size; an empty one is a datagram, too.
///
/// That it has gone does not mean that it arrives. Longer than the system carries is an error,
/// EMSGSIZE. What an earlier one has met with may be reported here, as ECONNREFUSED of a connected
/// socket; then this one has not gone, and may be yielded again. A Unix socket whose peer lags
/// behind waits for room, where it is connected; where it is not, no system tells of room, and that
/// is an error, ENOBUFS.
///
/// Ended early, it has sent nothing.
class [[nodiscard]] SendTo final : public IoOperation {
public:
    SendTo(Descriptor descriptor, ConstBuffer buffer, const Endpoint& to = {}, Timeout timeout = {})
        : IoOperation(descriptor, Interest::write), buffer_(buffer), to_(to)
    {
        limit_to(timeout);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        const ssize_t answer = kernel.sendmsg(descriptor(), message());
        if (answer == -EAGAIN && to_.is_unix() && has_room(kernel))
            return -ENOBUFS;
        return answer;
    }

    bool prepare(Submission& submission) noexcept override
    {
        return !to_.is_unix() && submission.sendmsg(descriptor(), message());
    }

    bool advance(ssize_t answer) noexcept override
    {
        if (answer < 0)
            return failed(answer);
        count_ = static_cast<std::size_t>(answer);
        return true;
    }

    std::size_t result() const
    {
        throw_if_failed();
        return count_;
    }

    std::string describe() const override
    {
        const std::string size = std::to_string(buffer_.size()) + " bytes";
        return describe_as("SendTo", to_.size() > 0 ? size + " to " + to_string(to_) : size);
    }

private:
    msghdr& message()
    {
        part_ = {const_cast<std::byte*>(buffer_.data()), buffer_.size()};
        message_ = {};
        if (to_.size() > 0)
            message_.msg_name = const_cast<sockaddr*>(to_.data());
        message_.msg_namelen = to_.size();
        message_.msg_iov = &part_;
        message_.msg_iovlen = 1;
        return message_;
    }

    /// Its own, and so it is the addressee's that is missing.
    bool has_room(Kernel& kernel) const
    {
        pollfd one{descriptor().number(), POLLOUT, 0};
        return kernel.poll({&one, 1}, Duration::zero()) > 0;
    }

    ConstBuffer buffer_;
    Endpoint to_;
    std::size_t count_ = 0;
    iovec part_{};  // this and the next for a kernel that comes later
    msghdr message_{};
};

}
