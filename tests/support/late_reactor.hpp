#pragma once

#include "cogen/submission.hpp"
#include "reactors/reactor.hpp"

#include <functional>
#include <vector>

/// A reactor of the other kind, as a ring would be: an operation is in somebody else's hands until
/// its completion arrives, and that is always in a later turn. Success too is late, and so is the
/// end of what was cancelled or closed; the buffer is written in the turn of the arrival. What is
/// resumed, recycled or freed too early is found out by it. The calls that an operation prepares
/// are made then, too, with what it pointed to when it was started.
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
    /// A call that is to be made later.
    class Call final : public cogen::Submission {
    public:
        /// What the operation prepares, or else an attempt.
        explicit Call(cogen::IoOperation& operation);

        ssize_t make(cogen::Kernel& kernel) const { return call_(kernel); }

        bool recv(cogen::Descriptor descriptor, cogen::MutableBuffer buffer) override;
        bool send(cogen::Descriptor descriptor, cogen::ConstBuffer buffer) override;
        bool recvmsg(cogen::Descriptor descriptor, msghdr& message) override;
        bool sendmsg(cogen::Descriptor descriptor, const msghdr& message) override;
        bool accept(cogen::Descriptor descriptor) override;

    private:
        std::function<ssize_t(cogen::Kernel&)> call_;
    };

    struct Flight {
        cogen::IoOperation* operation;
        Call call;
        cogen::error_code why = {};  // it shall end early
        bool asked = false;          // to end early, which is done once
        bool closed = false;         // its descriptor is gone: no more attempts
        bool arriving = false;       // at the next wait
        bool called = false;         // or about to be
    };

    bool land(Flight& flight);
    bool look(cogen::Patience patience);

    std::vector<Flight> in_flight_;
};
