// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/io_operation.hpp"
#include "reactors/kernel.hpp"

#include <algorithm>
#include <cstdint>

namespace cogen {

/// Sends a part of a file, by sendfile(2) as often as it takes: the bytes do not pass through our
/// hands. From `offset` on, and `length` bytes, or up to where the file ends if that comes first.
/// Answers with how many it has sent. The file is open for reading, regular, and stays so until
/// this is complete; its own offset does not matter, and does not move. Reading it may hold up
/// the thread as long as the disk takes. A peer that is gone is an error, never a signal.
///
/// Ended early, or failed, it may have sent a part: so_far() tells how much has gone out, and
/// nothing goes out later. Once that is all, it has succeeded.
class [[nodiscard]] Sendfile final : public IoOperation {
public:
    static constexpr std::uint64_t until_end = UINT64_MAX;

    Sendfile(Descriptor descriptor, Descriptor file, std::uint64_t offset = 0,
             std::uint64_t length = until_end, Timeout timeout = {})
        : IoOperation(descriptor, Interest::write), file_(file), offset_(offset), length_(length)
    {
        limit_to(timeout);
        if (length == 0)
            want(0);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        const auto count = std::min<std::uint64_t>(length_ - sent_, most_in_one_call);
        return kernel.sendfile(descriptor(), file_, static_cast<off_t>(offset_ + sent_),
                               static_cast<std::size_t>(count));
    }

    bool advance(ssize_t answer) noexcept override
    {
        if (answer < 0)
            return failed(answer);
        sent_ += static_cast<std::uint64_t>(answer);
        if (answer == 0 || sent_ == length_)
            return true;
        progressed();
        return false;
    }

    std::uint64_t so_far() const { return sent_; }

    std::uint64_t result() const
    {
        throw_if_failed();
        return sent_;
    }

    std::string describe() const override
    {
        std::string what = to_string(file_) + ", " + std::to_string(sent_);
        if (length_ != until_end)
            what += " of " + std::to_string(length_);
        return describe_as("Sendfile", what + " bytes from " + std::to_string(offset_));
    }

private:
    Descriptor file_;
    std::uint64_t offset_;
    std::uint64_t length_;
    std::uint64_t sent_ = 0;
};

}
