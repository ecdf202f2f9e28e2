// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operations/read.hpp"

namespace cogen {

/// Reads until the buffer is full, by recv(2) or read(2) as often as it takes. Answers with its
/// size. Where the stream ends before, it throws EndOfStream, which tells how many bytes have come.
///
/// Ended early, or failed, it may have read a part: so_far() tells how much is in the buffer, and
/// the rest is there for the next. Once the buffer is full, it has succeeded.
class [[nodiscard]] ReadExactly final : public IoOperation {
public:
    ReadExactly(Descriptor descriptor, MutableBuffer buffer, StreamKind kind = StreamKind::socket,
                Timeout timeout = {})
        : IoOperation(descriptor, Interest::read), size_(buffer.size()), rest_(buffer), kind_(kind)
    {
        limit_to(timeout);
        want_rest();
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return kind_ == StreamKind::file ? kernel.read(descriptor(), rest_)
                                         : kernel.recv(descriptor(), rest_);
    }

    bool prepare(Submission& submission) noexcept override
    {
        return kind_ != StreamKind::file && submission.recv(descriptor(), rest_);
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
        if (rest_.empty() || kind_ == StreamKind::tcp)
            want(rest_.size());
    }

    std::size_t size_;
    MutableBuffer rest_;
    StreamKind kind_;
};

}
