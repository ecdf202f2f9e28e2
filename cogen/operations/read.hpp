// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/io_operation.hpp"
#include "cogen/stream_kind.hpp"
#include "cogen/submission.hpp"
#include "reactors/kernel.hpp"

namespace cogen {

/// Reads what there is, up to the size of the buffer, as recv(2) or read(2) does. Answers with the
/// count; 0 is the end of the stream, or an empty buffer.
///
/// Ended early, it has read nothing: what arrives is there for the next. Once there are bytes in
/// the buffer it has succeeded, and answers with their count.
class [[nodiscard]] Read final : public IoOperation {
public:
    Read(Descriptor descriptor, MutableBuffer buffer, StreamKind kind = StreamKind::socket,
         Timeout timeout = {})
        : IoOperation(descriptor, Interest::read), buffer_(buffer), kind_(kind)
    {
        limit_to(timeout);
        if (buffer.empty() || kind == StreamKind::tcp)
            want(buffer.size());
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return kind_ == StreamKind::file ? kernel.read(descriptor(), buffer_)
                                         : kernel.recv(descriptor(), buffer_);
    }

    bool prepare(Submission& submission) noexcept override
    {
        return kind_ != StreamKind::file && submission.recv(descriptor(), buffer_);
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
    StreamKind kind_;
    std::size_t count_ = 0;
};

}
