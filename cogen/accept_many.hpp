// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/accept.hpp"

#include <span>

namespace cogen {

/// Waits for a connection, and accepts with it all others that have come, in the order in which
/// they came, as far as there is room in `sockets`. Answers with how many those are: one at least,
/// and none only where there is no room. Those for which the process has no descriptor left are
/// dealt with as by Accept; what fails behind others is told to the next who accepts.
///
/// Ended early, it has accepted nobody. Once it has accepted one, it has succeeded.
class [[nodiscard]] AcceptMany final : public IoOperation {
public:
    AcceptMany(Descriptor listener, std::span<Socket> sockets, StreamKind kind = StreamKind::socket,
               SpareDescriptor* spare = nullptr)
        : IoOperation(listener, Interest::read), sockets_(sockets), kind_(kind), spare_(spare)
    {
        limit_to(Timeout::never());  // that nobody comes is no failure
        if (sockets.empty())
            want(0);
    }

    /// Not one call, but one for each: whoever is accepted is to be delivered, not to wait for
    /// others.
    ssize_t attempt(Kernel& kernel) noexcept override
    {
        std::size_t count = 0;
        ssize_t answer = 0;
        for (std::size_t calls = 0; calls < sockets_.size(); ++calls) {
            answer = accept_one(kernel);
            if (answer >= 0)
                sockets_[count++] =
                    Socket(scheduler(), Descriptor(static_cast<int>(answer)), kind_);
            else if (!Accept::is_of_the_connection(answer))
                break;
        }
        return count > 0 ? static_cast<ssize_t>(count) : answer;
    }

    bool advance(ssize_t answer) noexcept override
    {
        if (Accept::is_of_the_connection(answer))
            return false;
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
        return describe_as("AcceptMany", "up to " + std::to_string(sockets_.size()));
    }

private:
    ssize_t accept_one(Kernel& kernel)
    {
        const int answer = kernel.accept(descriptor());
        if (spare_ && Accept::is_for_want_of_descriptors(answer)) [[unlikely]]
            return spare_->turn_away(scheduler(), descriptor());
        return answer;
    }

    std::span<Socket> sockets_;
    StreamKind kind_;
    SpareDescriptor* spare_;
    std::size_t count_ = 0;
};

}
