// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/descriptor.hpp"
#include "cogen/operation.hpp"
#include "cogen/timeout.hpp"

#include <cstddef>

#include <sys/types.h>

namespace cogen {

class Kernel;
class Reactor;
class Submission;

/// What must be possible on a descriptor for an operation to get on.
enum class Interest : unsigned char { read, write };

/// An operation on a descriptor. It knows how to try itself; the reactor knows when to. Whoever has
/// waited for a descriptor closes it through the reactor, or has that forget it, as its owners do:
/// its number may be another's next.
///
/// A reactor that is told when a descriptor is ready calls attempt(), and gives its answer to
/// advance(), until that is content. A reactor that hands whole operations to its kernel calls
/// prepare() instead, and gives the kernel's answer to the same advance(): so both come to the same
/// results and the same errors.
class IoOperation : public Operation {
public:
    Descriptor descriptor() const { return descriptor_; }
    Interest interest() const { return interest_; }

    /// So many bytes go into one system call at most: it does not return while the peer keeps up
    /// with it, and others wait.
    static constexpr std::size_t most_in_one_call = 1 << 20;

    /// One system call that does not block. Answers as the call does, or with -errno; -EAGAIN:
    /// not yet.
    virtual ssize_t attempt(Kernel& kernel) noexcept = 0;

    /// Digests an answer other than -EAGAIN. Answers true when the operation is done, with its
    /// error set where it failed, and false when there is more to do.
    virtual bool advance(ssize_t answer) noexcept = 0;

    /// Whether this answer of attempt() shows that the next attempt would be in vain until the
    /// descriptor is reported ready again: one of fewer bytes than were wanted.
    bool exhausts(ssize_t answer) const
    {
        return answer > 0 && static_cast<std::size_t>(answer) < wanted_;
    }

    /// Says which call would do what is left to do, for a reactor that has it made by its kernel:
    /// the answer of that goes to advance(). Or answers false: then even such a reactor attempts,
    /// and waits until the descriptor is ready.
    virtual bool prepare(Submission&) noexcept { return false; }

    /// Whether the descriptor is somebody else's, who uses and closes it without a word to us.
    /// Then a reactor trusts nothing that it knows of it, watches it for this wait alone, and
    /// forgets it afterwards.
    bool borrows() const { return borrows_; }

    Record* cancel(error_code why) override;

protected:
    ~IoOperation() = default;
    IoOperation(const IoOperation&) = default;
    IoOperation& operator=(const IoOperation&) = default;
    IoOperation(Descriptor descriptor, Interest interest)
        : descriptor_(descriptor), interest_(interest)
    {}

    /// How many bytes the next attempt asks for, where fewer mean that there are no more: in reads
    /// from plain streams, and nowhere else. Datagrams come as they come, and a write may be cut
    /// short by memory that cannot be read, after which no report of readiness would follow.
    /// None at all are complete without an attempt, since the system calls would wait.
    void want(std::size_t bytes) { wanted_ = bytes; }

    /// For advance(): true, done, and failed with -answer.
    bool failed(ssize_t answer) noexcept
    {
        set_error(system_error_code(static_cast<int>(-answer)));
        return true;
    }

    /// "Read" becomes "Read(fd 7)", with more in the brackets where there is more to say.
    std::string describe_as(const char* name, const std::string& details = {}) const;

    /// Goes to the scheduler's reactor.
    Coroutine* start(Scheduler& scheduler) override;

    /// The descriptor is somebody else's: see borrows().
    void borrow() { borrows_ = true; }

    /// How long it may take where nothing around it says otherwise.
    void limit_to(Timeout timeout) { timeout_ = timeout; }

    /// For an operation that opens its descriptor when it starts.
    void work_on(Descriptor descriptor) { descriptor_ = descriptor; }

    /// Whose coroutine waits, once it has started.
    Scheduler& scheduler() const { return *scheduler_; }

private:
    friend class Reactor;

    Descriptor descriptor_;
    Interest interest_;
    bool borrows_ = false;
    Timeout timeout_;
    std::size_t wanted_ = 1;  // no answer is shorter than this, but the end of a stream
    Scheduler* scheduler_ = nullptr;
};

}
