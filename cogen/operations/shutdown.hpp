// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/scheduler.hpp"

namespace cogen {

/// Ends one direction of a connection, or both, as shutdown(2) does: after `writing`, the peer
/// reads the end of the stream, and may write on. The descriptor stays open. Whoever waits for that
/// direction ends as the system says: a reader with 0, a writer with EPIPE.
///
/// It is never ended early: who is cancelled before yielding it shuts nothing down.
class [[nodiscard]] Shutdown final : public Operation {
public:
    /// What is ended: seen from here.
    enum class Direction : unsigned char { reading, writing, both };

    Shutdown(Descriptor descriptor, Direction direction)
        : descriptor_(descriptor), direction_(direction)
    {}

    /// It is complete as soon as it is started: nothing is left to end early.
    Record* cancel(error_code) override { return nullptr; }

    void result() const { throw_if_failed(); }

    std::string describe() const override
    {
        const char* const what = direction_ == Direction::reading   ? "reading"
                                 : direction_ == Direction::writing ? "writing"
                                                                    : "both";
        return "Shutdown(" + to_string(descriptor_) + ", " + what + ')';
    }

private:
    Coroutine* start(Scheduler& scheduler) override
    {
        const int how = direction_ == Direction::reading   ? SHUT_RD
                        : direction_ == Direction::writing ? SHUT_WR
                                                           : SHUT_RDWR;
        const int answer = scheduler.reactor().kernel().shutdown(descriptor_, how);
        if (answer < 0)
            return complete_now(system_error_code(-answer));
        scheduler.reactor().retry(descriptor_);
        return complete_now();
    }

    Descriptor descriptor_;
    Direction direction_;
};

}
