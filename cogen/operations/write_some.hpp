// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/io_operation.hpp"
#include "cogen/stream_kind.hpp"
#include "cogen/submission.hpp"
#include "reactors/kernel.hpp"

#include <algorithm>

namespace cogen {

/// Writes as much of the buffer as there is room for, a megabyte at most, by one send(2) or
/// write(2) that takes any. Answers with the count; 0 only for an empty buffer. A peer that is gone
/// is an error (EPIPE or ECONNRESET), never a signal. Write is the one that writes all.
///
/// Ended early, it has written nothing. Once it has written anything, it has succeeded.
class [[nodiscard]] WriteSome final : public IoOperation {
public:
    WriteSome(Descriptor descriptor, ConstBuffer buffer, StreamKind kind = StreamKind::socket,
              Timeout timeout = {})
        : IoOperation(descriptor, Interest::write),
          buffer_(buffer.data(), std::min(buffer.size(), most_in_one_call)),
          kind_(kind)
    {
        limit_to(timeout);
        if (buffer_.empty())
            want(0);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return kind_ == StreamKind::file ? kernel.write(descriptor(), buffer_)
                                         : kernel.send(descriptor(), buffer_);
    }

    bool prepare(Submission& submission) noexcept override
    {
        return kind_ != StreamKind::file && submission.send(descriptor(), buffer_);
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
        return describe_as("WriteSome", std::to_string(buffer_.size()) + " bytes");
    }

private:
    ConstBuffer buffer_;
    StreamKind kind_;
    std::size_t count_ = 0;
};

}
