// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/gather.hpp"
#include "cogen/operations/read.hpp"

namespace cogen {

/// Reads what there is into several buffers, one after the other, as readv(2) does. Answers with
/// the count; 0 is the end of the stream, or no room in any. One call fills 64 of them at most.
/// Both the buffers and their list are somebody else's, until it is complete.
///
/// Ended early, it has read nothing, as Read.
class [[nodiscard]] Readv final : public IoOperation {
public:
    Readv(Descriptor descriptor, std::span<const MutableBuffer> buffers,
          StreamKind kind = StreamKind::socket, Timeout timeout = {})
        : IoOperation(descriptor, Interest::read), buffers_(buffers), kind_(kind)
    {
        limit_to(timeout);
        const std::size_t room = buffers_.next();
        if (room == 0 || kind == StreamKind::tcp)
            want(room);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return kind_ == StreamKind::file ? kernel.readv(descriptor(), buffers_.parts())
                                         : kernel.recvmsg(descriptor(), buffers_.message());
    }

    bool prepare(Submission& submission) noexcept override
    {
        return kind_ != StreamKind::file && submission.recvmsg(descriptor(), buffers_.message());
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
        return describe_as("Readv", std::to_string(buffers_.rest()) + " bytes");
    }

private:
    Gather<MutableBuffer> buffers_;
    StreamKind kind_;
    std::size_t count_ = 0;
};

}
