// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/buffer.hpp"
#include "cogen/io_operation.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <sys/socket.h>
#include <sys/uio.h>

namespace cogen {

/// Several buffers that are one sequence of bytes, of which some have been dealt with already: for
/// operations that hand them to a system call piece by piece. It holds no more than the caller's
/// list of them, however long that is, and one message to the kernel.
template <class Buffer>
class Gather {
public:
    explicit Gather(std::span<const Buffer> buffers) : buffers_(buffers) { skip(0); }

    /// How many bytes are left.
    std::size_t rest() const { return sum_of(buffers_.size()); }

    /// How many of them the next call gets.
    std::size_t next() const { return std::min(sum_of(most), IoOperation::most_in_one_call); }

    /// The first `count` bytes are dealt with.
    void skip(std::size_t count)
    {
        skipped_ += count;
        while (!buffers_.empty() && skipped_ >= buffers_.front().size()) {
            skipped_ -= buffers_.front().size();
            buffers_ = buffers_.subspan(1);
        }
    }

    /// Made of next() bytes. They lie in here, and are good until the next call.
    std::span<const iovec> parts()
    {
        std::size_t count = 0;
        for (const Buffer& buffer : buffers_.first(std::min(most, buffers_.size())))
            parts_[count++] = {const_cast<std::byte*>(buffer.data()), buffer.size()};
        if (count > 0) {
            parts_[0].iov_base = static_cast<std::byte*>(parts_[0].iov_base) + skipped_;
            parts_[0].iov_len -= skipped_;
        }
        std::size_t left = IoOperation::most_in_one_call;
        for (iovec& part : std::span(parts_).first(count)) {
            part.iov_len = std::min(part.iov_len, left);
            left -= part.iov_len;
        }
        return std::span(parts_).first(count);
    }

    /// A message of the same.
    msghdr& message()
    {
        const std::size_t count = parts().size();
        message_ = {};
        message_.msg_iov = parts_.data();
        message_.msg_iovlen = static_cast<decltype(message_.msg_iovlen)>(count);
        return message_;
    }

private:
    static constexpr std::size_t most = 64;  // a kilobyte of stack; systems allow 1024

    std::size_t sum_of(std::size_t first) const
    {
        std::size_t sum = 0;
        for (const Buffer& buffer : buffers_.first(std::min(first, buffers_.size())))
            sum += buffer.size();
        return sum - skipped_;
    }

    std::span<const Buffer> buffers_;  // from the first that is not dealt with
    std::size_t skipped_ = 0;          // of that one
    msghdr message_{};
    std::array<iovec, most> parts_;  // as many as the message has; for a kernel that comes later
};

}
