// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/gather.hpp"
#include "cogen/io_operation.hpp"
#include "cogen/stream_kind.hpp"
#include "cogen/submission.hpp"
#include "reactors/kernel.hpp"

namespace cogen {

/// Writes all of several buffers, one after the other, as writev(2) does, as often as it takes:
/// `yield(socket.writev({header, body}))`. Answers with the size of all. Both the buffers and their
/// list are somebody else's, until it is complete. Errors are those of Write.
///
/// Ended early, or failed, it may have written a part: so_far() tells how much has gone out, and
/// nothing goes out later. Once that is all, it has succeeded.
class [[nodiscard]] Writev final : public IoOperation {
public:
    Writev(Descriptor descriptor, std::span<const ConstBuffer> buffers,
           StreamKind kind = StreamKind::socket, Timeout timeout = {})
        : IoOperation(descriptor, Interest::write), rest_(buffers), size_(rest_.rest()), kind_(kind)
    {
        limit_to(timeout);
        if (size_ == 0)
            want(0);
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        return kind_ == StreamKind::file ? kernel.writev(descriptor(), rest_.parts())
                                         : kernel.sendmsg(descriptor(), rest_.message());
    }

    bool prepare(Submission& submission) noexcept override
    {
        return kind_ != StreamKind::file && submission.sendmsg(descriptor(), rest_.message());
    }

    bool advance(ssize_t answer) noexcept override
    {
        if (answer < 0)
            return failed(answer);
        rest_.skip(static_cast<std::size_t>(answer));
        if (rest_.rest() > 0) {
            progressed();
            return false;
        }
        want(0);  // should it be yielded again
        return true;
    }

    std::size_t so_far() const { return size_ - rest_.rest(); }

    std::size_t result() const
    {
        throw_if_failed();
        return size_;
    }

    std::string describe() const override
    {
        return describe_as("Writev",
                           std::to_string(so_far()) + " of " + std::to_string(size_) + " bytes");
    }

private:
    Gather<ConstBuffer> rest_;
    std::size_t size_;
    StreamKind kind_;
};

}
