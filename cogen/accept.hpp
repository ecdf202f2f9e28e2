// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/socket.hpp"
#include "cogen/spare_descriptor.hpp"

#include <cerrno>

namespace cogen {

/// Waits for a connection, by accept(2), and answers with its Socket. One that its peer has given
/// up before we came to it is passed over. One for which the process has no descriptor left is
/// turned away, where a spare one is at hand, as Listener::accept() has; else that is an error,
/// EMFILE or ENFILE.
///
/// Ended early, it has accepted nobody: who comes is there for the next. Once it has accepted, it
/// has succeeded, and its Socket is delivered.
class [[nodiscard]] Accept final : public IoOperation {
public:
    explicit Accept(Descriptor listener, StreamKind kind = StreamKind::socket,
                    SpareDescriptor* spare = nullptr)
        : IoOperation(listener, Interest::read), kind_(kind), spare_(spare)
    {
        limit_to(Timeout::never());  // that nobody comes is no failure
    }

    ssize_t attempt(Kernel& kernel) noexcept override
    {
        const int answer = kernel.accept(descriptor());
        if (spare_ && is_for_want_of_descriptors(answer)) [[unlikely]]
            return spare_->turn_away(scheduler(), descriptor());
        return answer;
    }

    bool prepare(Submission& submission) noexcept override
    {
        return !turning_away_ && submission.accept(descriptor());
    }

    bool advance(ssize_t answer) noexcept override
    {
        if (is_of_the_connection(answer))
            return false;
        if (is_for_want_of_descriptors(answer) && spare_ && !std::exchange(turning_away_, true))
            return false;  // who tells us had no spare one: an attempt has
        if (answer < 0)
            return failed(answer);
        turning_away_ = false;
        accepted_ = Socket(scheduler(), Descriptor(static_cast<int>(answer)), kind_);
        return true;
    }

    Socket result()
    {
        throw_if_failed();
        return std::move(accepted_);
    }

    std::string describe() const override
    {
        const std::uint64_t count = spare_ ? spare_->turned_away() : 0;
        return describe_as("Accept", count > 0 ? std::to_string(count) + " turned away" : "");
    }

    /// An error of the connection that was to be accepted, not of the listener: accept(2) says to
    /// go on with the next.
    static bool is_of_the_connection(ssize_t answer)
    {
        switch (-answer) {
        case ECONNABORTED:
        case EHOSTDOWN:
        case EHOSTUNREACH:
        case ENETDOWN:
        case ENETUNREACH:
        case EPROTO:
            return true;
        default:
            return false;
        }
    }

    /// An error of the process, or of the system: they have none left.
    static bool is_for_want_of_descriptors(ssize_t answer)
    {
        return answer == -EMFILE || answer == -ENFILE;
    }

private:
    StreamKind kind_;
    SpareDescriptor* spare_;
    bool turning_away_ = false;  // by attempts alone
    Socket accepted_;
};

}
