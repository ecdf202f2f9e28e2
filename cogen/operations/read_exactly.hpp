// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operations/read.hpp"

namespace cogen {

/// Reads until the buffer is full, by recv(2) as often as it takes. Answers with its size. Where
/// the stream ends before, it throws EndOfStream, which tells how many bytes have come.
///
/// Ended early, or failed, it may have read a part: so_far() tells how much is in the buffer, and
/// the rest is there for the next. Once the buffer is full, it has succeeded.
class [[nodiscard]] ReadExactly final : public IoOperation {
public:
    ReadExactly(Descriptor descriptor, MutableBuffer buffer,
                Read::ShortRead short_read = Read::ShortRead::tells_nothing, Timeout timeout = {})
        : IoOperation(descriptor, Interest::read),
          size_(buffer.size()),
          rest_(buffer),
          short_read_(short_read)
    {
        limit_to(timeout);
        want_rest();
    }

    ssize_t attempt(Kernel& kernel) noexcept override { return kernel.recv(descriptor(), rest_); }

    bool prepare(Submission& submission) noexcept override
    {
        return submission.recv(descriptor(), rest_);
    }

    bool advance(ssize_t answer) noexcept override
    {
        if (answer < 0)
            return failed(answer);
        if (answer == 0) {
            set_error(errc::end_of_stream);
            return true;
        }
        rest_.skip(static_cast<std::size_t>(answer));
        want_rest();
        if (rest_.empty())
            return true;
        progressed();
        return false;
    }

    std::size_t so_far() const { return size_ - rest_.size(); }

    std::size_t result() const
    {
        if (error() == errc::end_of_stream)
            throw EndOfStream(error(), describe(), so_far());
        throw_if_failed();
        return size_;
    }

    std::string describe() const override
    {
        return describe_as("ReadExactly",
                           std::to_string(so_far()) + " of " + std::to_string(size_) + " bytes");
    }

private:
    void want_rest()
    {
        if (rest_.empty() || short_read_ == Read::ShortRead::means_empty)
            want(rest_.size());
    }

    std::size_t size_;
    MutableBuffer rest_;
    Read::ShortRead short_read_;
};

}
