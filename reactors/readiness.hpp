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
    void forget(Descriptor descriptor) override;
    void retry(Descriptor descriptor) override;
    bool empty() const override { return waiting_ == 0; }

protected:
    /// One direction of a descriptor.
    struct Side {
        IoOperation* waiter = nullptr;
        bool may_succeed = true;  // an attempt; we know no better than to try a new descriptor
        bool doubtful = false;    // for good: trust no short read, since no other report may come
        bool watched = false;     // by the system: it will tell when this is ready
    };

    /// A descriptor, as the reactor knows it.
    struct alignas(64) Slot {
        Side read;
        Side write;
        std::uint32_t generation = 0;  // of the descriptor's number: which file it stands for
        std::uint32_t place = 0;       // for the derived reactor, in a list of its own
        bool borrowed = false;         // all who wait for it borrow it: see IoOperation::borrows

        /// The one that such an operation waits on.
        Side& side(Interest interest) { return interest == Interest::read ? read : write; }
    };

    /// Something waits on a direction of this descriptor: have the system watch it, say so in
    /// Side::watched, and report it anew if it is ready now. Answers with an error where the system
    /// refuses. What is borrowed is watched only in the directions that somebody waits for.
    virtual error_code watch(Descriptor descriptor, Slot& slot) = 0;

    /// The same, where a want of memory is an error, too: nobody is left waiting unwatched.
    error_code watch_or_fail(Descriptor descriptor, Slot& slot);

    /// One direction less is waited on.
    virtual void unwatch(Slot&) {}

    /// The descriptor lives on, but not with us: the system is to watch it no longer. (One that is
    /// closed needs no word.)
    virtual void disown(Descriptor, Slot&) {}

    /// The slot of a descriptor, made when it is first asked for.
    Slot& slot(Descriptor descriptor)
    {
        const auto index = static_cast<std::size_t>(descriptor.number());
        return index < slots_.size() ? slots_[index] : new_slot(index);
    }

    /// The one that slot() has that for.
    Descriptor descriptor_of(const Slot& slot) const
    {
        return Descriptor(static_cast<int>(&slot - slots_.data()));
    }

    /// Whether slot() would have to make none.
    bool has_slot(Descriptor descriptor) const
    {
        return static_cast<std::size_t>(descriptor.number()) < slots_.size();  // not where it is -1
    }

    /// For wait(): the directions named are ready. `exception` says that the peer is gone, the
    /// descriptor has failed, or its data are not all of one kind: then whoever waits attempts, and
    /// learns it from the call.
    void on_ready(Slot& slot, bool readable, bool writable, bool exception);

    /// For wait(): the system does not watch this direction after all. Whoever waits attempts once
    /// more, and fails with `why` where that does not end it.
    void on_refused(Slot& slot, Side& side, error_code why);

private:
    /// How far an operation has come.
    enum class Progress : unsigned char { done, would_block, unfinished };

    Progress proceed(IoOperation& operation, Side& side);
    error_code watch_for(IoOperation& operation, Slot& slot);
    Progress watch_again(IoOperation& operation, Slot& slot);
    void serve(Slot& slot, Side& side, bool exception);
    void release(Slot& slot, Side& side);
    void reset(Slot& slot);
    void give_back(Slot& slot);
    static void forget_state(Slot& slot);
    Slot& new_slot(std::size_t index);

    std::vector<Slot> slots_;  // by the descriptor's number
    std::size_t waiting_ = 0;
};

}
