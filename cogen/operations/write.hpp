// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/io_operation.hpp"
#include "cogen/stream_kind.hpp"
#include "cogen/submission.hpp"
#include "reactors/kernel.hpp"

#include <algorithm>

namespace cogen {

/// Writes all of the buffer, by send(2) or write(2) as often as it takes, a megabyte at a time.
/// Answers with its size. A peer that is gone is an error (EPIPE or ECONNRESET), never a signal.
///
/// Ended early, or failed, it may have written a part: so_far() tells how much has gone out, and
/// nothing goes out later. Once that is all, it has succeeded.
class [[nodiscard]] Write final : public IoOperation {
public:
    Write(Descriptor descriptor, ConstBuffer buffer, StreamKind kind = StreamKind::socket,
          Timeout timeout = {})
        : IoOperation(descriptor, Interest::write), size_(buffer.size()), rest_(buffer), kind_(kind)
    {
        limit_to(timeout);
        if (rest_.empty())
            want(0);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return kind_ == StreamKind::file ? kernel.write(descriptor(), next())
                                         : kernel.send(descriptor(), next());
    }

    bool prepare(Submission& submission) noexcept override
    {
        return kind_ != StreamKind::file && submission.send(descriptor(), next());
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
        return describe_as("Write",
                           std::to_string(so_far()) + " of " + std::to_string(size_) + " bytes");
    }

private:
    ConstBuffer next() const { return {rest_.data(), std::min(rest_.size(), most_in_one_call)}; }

    std::size_t size_;
    ConstBuffer rest_;
    StreamKind kind_;
};

}
