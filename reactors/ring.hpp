// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/forks.hpp"
#include "cogen/instrument.hpp"
#include "reactors/kernel.hpp"

#if __has_include(<liburing.h>) && !defined(COGEN_WITHOUT_LIBURING)

#include <cstdint>
#include <memory>
#include <span>

#include <liburing.h>

namespace cogen {

class Reactor;
struct ReactorOptions;

/// IORING_ACCEPT_POLL_FIRST, which older headers lack: an accept begins by waiting.
inline constexpr std::uint16_t accept_poll_first = 1 << 2;

/// A pair of queues that are shared with the kernel: into one go entries, each a system call to be
/// made, and out of the other come their completions. See io_uring(7). It is for one thread; where
/// it defers, the kernel holds us to the one that enters it first. Who derives from it sees what
/// goes in and out.
class Ring {
public:
    /// When the kernel works off what has happened, and so completions come; best first.
    enum class Way {
        deferred,     // within enter() and submit() (Linux 6.1)
        cooperative,  // at our next system call, whichever it is (5.19, as is POLL_FIRST)
        at_once,      // in an interrupt of ours (5.13)
    };

    /// Room for so many entries, a power of two, and sixteen times as many completions. Where the
    /// user may lock less memory it takes fewer. Works in the best way that the system has, but in
    /// none better than `best`. Throws a system_error that says why where it has no ring for us.
    explicit Ring(unsigned entries, Way best = Way::deferred);
    virtual ~Ring();
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    /// An answer of the kernel to the entry that was marked with this.
    struct Completion {
        std::uint64_t mark;
        int answer;
        unsigned flags;  // IORING_CQE_F_...
    };

    /// Adds an entry. The kernel learns of it at the next enter(), and where the queue is full, of
    /// those before it now. Throws a system_error where the kernel takes none.
    virtual void add(const io_uring_sqe& entry, std::uint64_t mark);

    /// Adds one that asks the kernel to give up the entry with this mark, whose completion comes
    /// in any case. This one's, marked 0, comes only if it is in vain, before Linux 5.17 always.
    void add_cancel(std::uint64_t mark);

    /// Hands over the entries added, so that descriptors mean what they mean now.
    void submit();

    /// Hands over the entries added, and waits for a completion as long as `patience` allows.
    virtual void enter(Patience patience);

    /// Takes completions, as many as have room. Answers how many.
    virtual std::size_t take(std::span<Completion> completions);

    /// Whether an enter() without patience would be in vain.
    virtual bool quiet() const;

    /// Whether it takes IORING_RECVSEND_POLL_FIRST, and tells of IORING_CQE_F_SOCK_NONEMPTY.
    bool polls_first() const { return way_ != Way::at_once; }

    /// Whether it takes accept_poll_first, and tells the same of who else wants to be accepted.
    bool polls_first_to_accept() const { return polls_first_to_accept_; }

    /// When completions come.
    Way way() const { return way_; }

    /// Whether this process is a copy of the one that made it: it must not touch the queues, which
    /// are not its own.
    bool copied() const { return forks() != forks_; }

    const CallCount& calls() const { return enters_; }

private:
    int set_up(unsigned entries, Way best);
    void enable();
    void check(int answer);

    io_uring ring_{};
    unsigned forks_ = forks();  // of the process that made it
    Way way_ = Way::deferred;
    bool enabled_ = true;
    bool polls_first_to_accept_ = false;
    bool skips_success_ = false;
    CallCount enters_{"io_uring_enter"};
};

/// The reactor "io_uring" on this ring.
std::unique_ptr<Reactor> make_io_uring_reactor(std::unique_ptr<Ring> ring,
                                               const ReactorOptions& options, Kernel& kernel);

}

#endif
