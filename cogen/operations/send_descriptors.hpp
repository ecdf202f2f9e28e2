// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/io_operation.hpp"
#include "cogen/submission.hpp"
#include "reactors/kernel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>

#include <sys/uio.h>

namespace cogen {

/// Passes open descriptors on to another process, by sendmsg(2) on a Unix socket (SCM_RIGHTS), and
/// writes all of the buffer, as Write does: they go with its first byte. Answers with its size.
/// They stay open here. Both the descriptors' list and the buffer are somebody else's until it is
/// complete.
///
/// A stream carries none without a byte: an empty buffer is an error, EINVAL; so are more
/// descriptors than `most`. The other errors are those of Write and of SendTo.
///
/// Ended early, or failed, it may have written a part: so_far() tells how much, and where that is
/// anything, the descriptors have gone, too.
class [[nodiscard]] SendDescriptors final : public IoOperation {
public:
    /// That go at once; more than Linux takes nobody takes.
    static constexpr std::size_t most = 253;

    SendDescriptors(Descriptor descriptor, std::span<const Descriptor> descriptors,
                    ConstBuffer buffer, Timeout timeout = {})
        : IoOperation(descriptor, Interest::write),
          descriptors_(descriptors),
          size_(buffer.size()),
          rest_(buffer)
    {
        limit_to(timeout);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return is_possible() ? kernel.sendmsg(descriptor(), message()) : -EINVAL;
    }

    /// While the descriptors are still to go it is attempted: they mean what they mean now.
    bool prepare(Submission& submission) noexcept override
    {
        const bool have_gone = so_far() > 0 || descriptors_.empty();
        return have_gone && is_possible() && submission.sendmsg(descriptor(), message());
    }

    bool advance(ssize_t answer) noexcept override
    {
        if (answer < 0)
            return failed(answer);
        rest_.skip(static_cast<std::size_t>(answer));
        if (!rest_.empty()) {
            progressed();
            return false;
        }
        want(0);  // should it be yielded again
        return true;
    }

    std::size_t so_far() const { return size_ - rest_.size(); }

    std::size_t result() const
    {
        throw_if_failed();
        return so_far();
    }

    std::string describe() const override
    {
        return describe_as("SendDescriptors", std::to_string(descriptors_.size()) + " of them, "
                                                  + std::to_string(so_far()) + " of "
                                                  + std::to_string(size_) + " bytes");
    }

private:
    bool is_possible() const { return !rest_.empty() && descriptors_.size() <= most; }

    msghdr& message()
    {
        part_ = {const_cast<std::byte*>(rest_.data()), std::min(rest_.size(), most_in_one_call)};
        message_ = {};
        message_.msg_iov = &part_;
        message_.msg_iovlen = 1;
        if (so_far() == 0 && !descriptors_.empty())
            add_descriptors();
        return message_;
    }

    void add_descriptors()
    {
        const std::size_t size = descriptors_.size() * sizeof(int);
        message_.msg_control = control_.data();
        message_.msg_controllen = static_cast<decltype(message_.msg_controllen)>(CMSG_SPACE(size));
        cmsghdr& header = *CMSG_FIRSTHDR(&message_);
        header.cmsg_level = SOL_SOCKET;
        header.cmsg_type = SCM_RIGHTS;
        header.cmsg_len = static_cast<decltype(header.cmsg_len)>(CMSG_LEN(size));
        unsigned char* place = CMSG_DATA(&header);
        for (const Descriptor descriptor : descriptors_) {
            const int number = descriptor.number();
            std::memcpy(place, &number, sizeof number);
            place += sizeof number;
        }
    }

    std::span<const Descriptor> descriptors_;
    std::size_t size_;
    ConstBuffer rest_;
    iovec part_{};  // these three for a kernel that comes later
    msghdr message_{};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(most * sizeof(int))> control_{};
};

}
