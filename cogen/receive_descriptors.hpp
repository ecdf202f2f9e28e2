// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/io_operation.hpp"
#include "cogen/open_descriptor.hpp"
#include "cogen/operations/send_descriptors.hpp"

#include <span>

namespace cogen {

/// What has come with descriptors.
struct ReceivedDescriptors {
    std::size_t size = 0;    ///< of what is in the buffer
    std::size_t count = 0;   ///< of the descriptors
    bool truncated = false;  ///< a datagram was longer than the buffer: the rest is lost

    /// More descriptors came than there was room for, or than the process may have: the others are
    /// closed.
    bool descriptors_truncated = false;
};

/// Reads what there is, or one datagram, up to the size of the buffer, and takes the descriptors
/// that another process has sent along, by recvmsg(2) on a Unix socket. They are put, one after the
/// other, into `descriptors`, which own them; they are closed on exec. What a stream answers with
/// ends where the next descriptors come; 0 bytes are its end, or an empty buffer.
///
/// A plain read leaves such descriptors to the system, which closes them.
///
/// Ended early, it has read nothing and taken none: what arrives is there for the next. Once it has
/// read, it has succeeded, and they are delivered.
class [[nodiscard]] ReceiveDescriptors final : public IoOperation {
public:
    ReceiveDescriptors(Descriptor descriptor, MutableBuffer buffer,
                       std::span<OpenDescriptor> descriptors, Timeout timeout = {})
        : IoOperation(descriptor, Interest::read), buffer_(buffer), descriptors_(descriptors)
    {
        limit_to(timeout);
        if (buffer.empty())
            want(0);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return kernel.recvmsg(descriptor(), message());
    }

    bool prepare(Submission& submission) noexcept override
    {
        return submission.recvmsg(descriptor(), message());
    }

    bool advance(ssize_t answer) noexcept override;

    ReceivedDescriptors result() const
    {
        throw_if_failed();
        return received_;
    }

    std::string describe() const override
    {
        return describe_as("ReceiveDescriptors", std::to_string(buffer_.size()) + " bytes, "
                                                     + std::to_string(descriptors_.size())
                                                     + " of them");
    }

private:
    msghdr& message();
    void take(Descriptor descriptor);

    MutableBuffer buffer_;
    std::span<OpenDescriptor> descriptors_;
    ReceivedDescriptors received_;
    iovec part_{};  // these three for a kernel that comes later
    msghdr message_{};
    alignas(
        cmsghdr) std::array<std::byte, CMSG_SPACE(SendDescriptors::most * sizeof(int))> control_{};
};

}
