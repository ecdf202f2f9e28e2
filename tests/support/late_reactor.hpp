#pragma once

#include "reactors/reactor.hpp"

#include <vector>

/// A reactor of the other kind, as a ring would be: an operation is in somebody else's hands until
/// its completion arrives, and that is always in a later turn. Success too is late, and so is the
/// end of what was cancelled or closed; the buffer is written in the turn of the arrival. What is
/// resumed, recycled or freed too early is found out by it.
class LateReactor final : public cogen::Reactor {
public:
    using Reactor::Reactor;

    std::string_view name() const override { return "late"; }
    bool start(cogen::IoOperation& operation) override;
    void cancel(cogen::IoOperation& operation, cogen::error_code why) override;
    cogen::error_code close(cogen::Descriptor descriptor) override;
    void forget(cogen::Descriptor descriptor) override;
    void retry(cogen::Descriptor descriptor) override;
    bool wait(cogen::Patience patience) override;
    void wake() noexcept override {}
    bool empty() const override { return in_flight_.empty(); }

private:
    struct Flight {
        cogen::IoOperation* operation;
        cogen::error_code why = {};  // it shall end early
        bool asked = false;          // to end early, which is done once
        bool closed = false;         // its descriptor is gone: no more attempts
        bool arriving = false;       // at the next wait
    };

    bool land(Flight& flight);
    bool look(cogen::Patience patience);

    std::vector<Flight> in_flight_;
};
