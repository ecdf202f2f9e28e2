// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/io_operation.hpp"
#include "cogen/submission.hpp"
#include "reactors/kernel.hpp"

namespace cogen {

/// Reads what there is, up to the size of the buffer, as recv(2) does. Answers with the count; 0 is
/// the end of the stream, or an empty buffer.
///
/// Ended early, it has read nothing: what arrives is there for the next. Once there are bytes in
/// the buffer it has succeeded, and answers with their count.
class [[nodiscard]] Read final : public IoOperation {
public:
    /// What a read that got less than it asked for tells of the descriptor: nothing, or that there
    /// was no more. The latter is so for TCP; a Unix socket stops also behind descriptors that were
    /// sent along.
    enum class ShortRead : unsigned char { tells_nothing, means_empty };

    Read(Descriptor descriptor, MutableBuffer buffer,
         ShortRead short_read = ShortRead::tells_nothing, Timeout timeout = {})
        : IoOperation(descriptor, Interest::read), buffer_(buffer)
    {
        limit_to(timeout);
        if (buffer.empty() || short_read == ShortRead::means_empty)
            want(buffer.size());
    }

    ssize_t attempt(Kernel& kernel) noexcept override { return kernel.recv(descriptor(), buffer_); }

    bool prepare(Submission& submission) noexcept override
    {
        return submission.recv(descriptor(), buffer_);
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
        return describe_as("Read", std::to_string(buffer_.size()) + " bytes");
    }

private:
    MutableBuffer buffer_;
    std::size_t count_ = 0;
};

}
