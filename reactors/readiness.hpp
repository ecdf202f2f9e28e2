// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/reactor.hpp"

#include <cstdint>
#include <vector>

namespace cogen {

/// What reactors share whose system tells when a descriptor is ready, and leaves the call to us.
///
/// It keeps who waits for which descriptor, and for each of the two directions whether an attempt
/// may succeed. Where it may, an operation is attempted at once, and only one that would block
/// waits. A derived reactor tells its system what to watch, and in its wait() what is ready.
class ReadinessReactor : public Reactor {
public:
    using Reactor::Reactor;

    bool start(IoOperation& operation) override;
    void cancel(IoOperation& operation, error_code why) override;
    error_code close(Descriptor descriptor) override;
    bool empty() const override { return waiting_ == 0; }

protected:
    /// One direction of a descriptor.
    struct Side {
        IoOperation* waiter = nullptr;
        bool may_succeed = true;  // an attempt; we know no better than to try a new descriptor
        bool hung_up = false;     // for good: no other report will come, so trust no short read
    };

    struct Slot {
        Side read;
        Side write;
        std::uint32_t generation = 0;  // of the descriptor's number: which file it stands for
        std::uint32_t watch = 0;       // for the derived reactor: what its system knows

        Side& side(Interest interest) { return interest == Interest::read ? read : write; }
    };

    /// Something waits on one more direction of this descriptor: see to it that its readiness is
    /// noticed. Answers with an error where the system refuses.
    virtual error_code watch(Descriptor descriptor, Slot& slot) = 0;

    /// One direction less is waited on.
    virtual void unwatch(Descriptor, Slot&) {}

    /// The descriptor is about to be closed: forget it.
    virtual void forget(Descriptor, Slot&) {}

    Slot& slot(Descriptor descriptor);

    /// For wait(): the directions named are ready. `hang_up` says that the peer is gone or the
    /// descriptor has failed: then whoever waits attempts, and learns it from the call.
    void on_ready(Descriptor descriptor, Slot& slot, bool readable, bool writable, bool hang_up);

private:
    bool proceed(IoOperation& operation, Side& side);
    void release(Descriptor descriptor, Slot& slot, Side& side);

    std::vector<Slot> slots_;  // by the descriptor's number
    std::size_t waiting_ = 0;
};

}
