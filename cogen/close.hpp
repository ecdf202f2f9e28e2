// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/open_descriptor.hpp"

namespace cogen {

/// Closes a descriptor, for those who want to know whether that went well:
/// `yield(socket.close());`. Whoever waits for it ends with errc::closed. To close an empty one
/// does nothing.
///
/// It is never ended early. Who is cancelled before yielding it leaves the closing to the
/// descriptor's owner, at its end.
class [[nodiscard]] Close final : public Operation {
public:
    explicit Close(OpenDescriptor& descriptor) : descriptor_(descriptor) {}

    /// It is complete as soon as it is started: nothing is left to end early.
    Record* cancel(error_code) override { return nullptr; }

    void result() const { throw_if_failed(); }
    std::string describe() const override { return "Close(" + to_string(descriptor_.get()) + ')'; }

private:
    Coroutine* start(Scheduler&) override { return complete_now(descriptor_.close()); }

    OpenDescriptor& descriptor_;
};

}
