// SPDX-License-Identifier: MIT
#include "reactors/readiness.hpp"

#include <cerrno>

#if __has_include(<sys/event.h>)

#include "cogen/forks.hpp"
#include "reactors/kqueue.hpp"
#include "reactors/waker.hpp"

#include <algorithm>
#include <ctime>
#include <type_traits>
#include <utility>

#include <fcntl.h>
#include <sys/types.h>

#include <sys/event.h>
#include <unistd.h>

namespace cogen {
namespace {

// kqueue keeps the list in the kernel, as epoll does, but takes changes to it along with the wait,
// and watches more than descriptors. Its surprises decide how we use it:
//
// - A change costs no system call of its own, so nothing is saved by leaving on the list what
//   nobody waits for. Each wait is listed for one report (EV_ONESHOT); to list it looks at how
//   things stand, so nothing is missed in between, and no edge has to be remembered.
// - What is to change is only noted, and worked out when it is handed over. So a wait that has been
//   cancelled meanwhile is not listed at all, and one that is on the list already serves whoever
//   waits next.
// - What cannot be listed is reported among the events (EV_ERROR), and then nothing else is.
//   Without room for that the first bad change would be the end of the whole call: so there is
//   always room for as many events as there are changes.
// - When a signal interrupts the wait (EINTR), the changes have been made all the same.
// - Closing a descriptor takes it off the list. Its number may come back as another file's, while a
//   report on the old one is still on the way in a system that only plays kqueue: so a report
//   carries our generation of the number, and the old ones are dropped.
// - One number may be a descriptor's, a process's and a signal's. The filter belongs to the key.
// - The structure is not the same everywhere. What it carries for us (udata) is a pointer here and
//   an integer there, filters are signed or not, and on Darwin it is packed, so that no reference
//   to a part of it may be taken. EV_SET differs, too, and is not used.
// - EV_EOF does not say that all has been read, and on a writer it may come from our own shutdown.
//   It only says: attempt. Some systems tell the one direction what concerns the other. The error
//   of a socket may come with it (fflags); one that only plays kqueue has then taken it from the
//   socket. So whose attempt finds nothing has failed with that.
// - A dead pipe may be refused (EPIPE) instead of reported. So who is refused attempts once more.
// - Regular files are never listed: they are always ready, as the attempt before each wait shows.
//   Systems differ in what they would report of them.
// - A child of fork(2) does not inherit it: its number may be another file's there.
// - Its timers (EVFILT_TIMER) are coalesced on one system and count in ticks on another. The wait
//   itself has a time-out, and that is all we need.

using Kevent = struct kevent;  // kevent is a function as well

constexpr long read_filter = static_cast<long>(EVFILT_READ);
constexpr long write_filter = static_cast<long>(EVFILT_WRITE);

// A generation, in whatever type the system carries for us.

template <class Udata>
Udata udata_of(std::uint32_t generation)
{
    if constexpr (std::is_pointer_v<Udata>)
        return reinterpret_cast<Udata>(std::uintptr_t{generation});
    else
        return static_cast<Udata>(generation);
}

template <class Udata>
std::uint32_t generation_of(Udata udata)
{
    if constexpr (std::is_pointer_v<Udata>)
        return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(udata));
    else
        return static_cast<std::uint32_t>(udata);
}

Kevent change(std::uintptr_t ident, long filter, unsigned flags, unsigned fflags = 0,
              std::uint32_t generation = 0)
{
    Kevent event{};
    event.ident = ident;
    event.filter = static_cast<decltype(event.filter)>(filter);
    event.flags = static_cast<decltype(event.flags)>(flags);
    event.fflags = fflags;
    event.udata = udata_of<decltype(event.udata)>(generation);
    return event;
}

Kevent change(const KeventWait& wait, unsigned flags)
{
    return change(wait.ident(), wait.filter(), flags, wait.fflags());
}

#ifdef EVFILT_USER

/// Ends a wait from outside, by the filter made for that.
class Bell {
public:
    static constexpr long filter = EVFILT_USER;

    Kevent registration() const { return change(0, filter, EV_ADD | EV_CLEAR); }
    bool is_mine(const Kevent& event) const { return static_cast<long>(event.filter) == filter; }
    void ring(int kqueue) noexcept
    {
        const Kevent trigger = change(0, filter, 0, NOTE_TRIGGER);
        ::kevent(kqueue, &trigger, 1, nullptr, 0, nullptr);
    }
    void answer() noexcept {}  // EV_CLEAR
};

#else

/// Ends a wait from outside, by a descriptor that becomes readable.
class Bell {
public:
    static constexpr long filter = read_filter;

    Kevent registration() const { return change(ident(), filter, EV_ADD); }
    bool is_mine(const Kevent& event) const
    {
        return event.ident == ident() && static_cast<long>(event.filter) == filter;
    }
    void ring(int) noexcept { waker_.wake(); }
    void answer() noexcept { waker_.drain(); }

private:
    std::uintptr_t ident() const
    {
        return static_cast<std::uintptr_t>(waker_.descriptor().number());
    }

    Waker waker_;
};

#endif

/// Waits by kevent(2), each wait listed for one report.
class KqueueReactor final : public ReadinessReactor, public KeventReactor {
public:
    KqueueReactor(const ReactorOptions& options, Kernel& kernel)
        : ReadinessReactor(kernel), events_(options.batch)
    {
        if (kqueue_ < 0)
            throw_error(system_error_code(errno), "kqueue");
        ::fcntl(kqueue_, F_SETFD, FD_CLOEXEC);
        if (const error_code error = change_now(bell_.registration())) {
            ::close(kqueue_);
            throw_error(error, "kevent: to be woken");
        }
    }

    ~KqueueReactor() override
    {
        if (forks_ == forks())
            ::close(kqueue_);
    }

    std::string_view name() const override { return "kqueue"; }
    std::vector<CallCount> calls() const override { return {calls_}; }
    bool empty() const override { return ReadinessReactor::empty() && waits_.empty(); }

    void wake() noexcept override
    {
        const int before = errno;  // a signal handler must leave it as it was
        if (forks_ == forks())
            bell_.ring(kqueue_);
        errno = before;
    }

    bool wait(Patience patience) override
    {
        const int count = wait_for_events(patience);
        for (int i = 0; i < count; ++i)
            serve(events_[static_cast<std::size_t>(i)]);
        return count > 0;
    }

    /// Takes it off the list first: a system that plays kqueue does not do that by itself.
    error_code close(Descriptor descriptor) override
    {
        if (has_slot(descriptor))
            disown(descriptor, slot(descriptor));
        return ReadinessReactor::close(descriptor);
    }

    using ReadinessReactor::cancel;
    using ReadinessReactor::start;

    error_code start(KeventWait& wait) override
    {
        const long filter = wait.filter();
        if (filter == read_filter || filter == write_filter || filter == Bell::filter)
            return system_error_code(EINVAL);
        if (find(wait.ident(), filter) != waits_.end())
            return errc::simultaneous;
        waits_.push_back({&wait, false});
        return {};
    }

    void cancel(KeventWait& wait, error_code why) override
    {
        const auto found = find(wait.ident(), wait.filter());
        const bool listed = found->listed;
        waits_.erase(found);
        if (listed)
            change_now(change(wait, EV_DELETE));  // it may have gone by itself
        wait.complete(why);
    }

private:
    struct Wait {
        KeventWait* operation;
        bool listed;
    };

    // Side::watched says that the direction is on the kernel's list, Slot::place whether the slot
    // is among the changed ones.
    static constexpr std::uint32_t unchanged = 0, changed = 1;

    error_code watch(Descriptor, Slot& slot) override
    {
        note_change(slot);
        return {};
    }

    void unwatch(Slot& slot) override
    {
        const auto in_vain = [](const Side& side) { return side.watched && !side.waiter; };
        if (in_vain(slot.read) || in_vain(slot.write))
            note_change(slot);
    }

    void disown(Descriptor descriptor, Slot& slot) override
    {
        for (const long filter : {read_filter, write_filter})
            if (std::exchange(side(slot, filter).watched, false))
                change_now(change(ident(descriptor), filter, EV_DELETE));  // or it has gone
    }

    void note_change(Slot& slot)
    {
        if (slot.place == unchanged)
            changed_.push_back(descriptor_of(slot));
        slot.place = changed;
    }

    void collect_changes()
    {
        // What is said to be on the list below gets there: no want of memory comes in between.
        changes_.reserve(changes_.size() + 2 * changed_.size() + waits_.size());
        for (const Descriptor descriptor : changed_) {
            Slot& slot = this->slot(descriptor);
            slot.place = unchanged;
            for (const long filter : {read_filter, write_filter}) {
                Side& side = this->side(slot, filter);
                const bool wanted = side.waiter != nullptr;
                if (std::exchange(side.watched, wanted) != wanted)
                    changes_.push_back(change(ident(descriptor), filter,
                                              wanted ? EV_ADD | EV_ONESHOT : EV_DELETE, 0,
                                              slot.generation));
            }
        }
        changed_.clear();
        for (Wait& wait : waits_)
            if (!std::exchange(wait.listed, true))
                changes_.push_back(change(*wait.operation, EV_ADD | EV_ONESHOT));
    }

    int wait_for_events(Patience patience)
    {
        collect_changes();
        events_.resize(std::max(events_.size(), changes_.size()));
        // Longer ones are refused by some systems. To wake up early does no harm.
        const Duration duration =
            std::min<Duration>(patience.value_or(Duration::zero()), std::chrono::hours(24));
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
        const timespec timeout = {static_cast<time_t>(seconds.count()),
                                  static_cast<long>((duration - seconds).count())};
        ++calls_.count;
        const int count = exchange(&::kevent, patience ? &timeout : nullptr);
        changes_.clear();
        if (count < 0 && errno != EINTR)  // a signal: a wait in which nothing happened
            throw_error(system_error_code(errno), "kevent");
        return count;
    }

    /// Counts are an int here and a size_t there.
    template <class Count>
    int exchange(int (*call)(int, const Kevent*, Count, Kevent*, Count, const timespec*),
                 const timespec* timeout)
    {
        return call(kqueue_, changes_.data(), static_cast<Count>(changes_.size()), events_.data(),
                    static_cast<Count>(events_.size()), timeout);
    }

    /// A copy of the process has no kqueue of ours: the number may be its own.
    error_code change_now(const Kevent& change)
    {
        if (forks_ != forks()) [[unlikely]]
            return {};
        ++calls_.count;
        return ::kevent(kqueue_, &change, 1, nullptr, 0, nullptr) < 0 ? system_error_code(errno)
                                                                      : error_code();
    }

    void serve(const Kevent& event)
    {
        const long filter = static_cast<long>(event.filter);
        if (bell_.is_mine(event))
            bell_.answer();
        else if (filter == read_filter || filter == write_filter)
            serve_descriptor(event, filter);
        else
            serve_wait(event, filter);
    }

    void serve_descriptor(const Kevent& event, long filter)
    {
        Slot& slot = this->slot(Descriptor(static_cast<int>(event.ident)));
        if (slot.generation != generation_of(event.udata))
            return;
        Side& side = this->side(slot, filter);
        const bool listed = std::exchange(side.watched, false);
        if ((event.flags & EV_ERROR) == 0)
            on_report(slot, side, event, filter);
        else if (listed)  // or else it was to be taken off, and had gone
            on_refused(slot, side, system_error_code(static_cast<int>(event.data)));
    }

    void on_report(Slot& slot, Side& side, const Kevent& event, long filter)
    {
        on_ready(slot, filter == read_filter, filter == write_filter, event.flags & EV_EOF);
        const bool tells_error = event.flags & EV_EOF && event.fflags != 0;
        if (tells_error && side.waiter && !side.may_succeed)  // the attempt has found nothing
            ReadinessReactor::cancel(*side.waiter,
                                     system_error_code(static_cast<int>(event.fflags)));
    }

    void serve_wait(const Kevent& event, long filter)
    {
        const auto found = find(event.ident, filter);
        if (found == waits_.end())
            return;
        KeventWait& wait = *found->operation;
        waits_.erase(found);
        wait.reported({static_cast<std::int64_t>(event.data), event.fflags});
        wait.complete(event.flags & EV_ERROR ? system_error_code(static_cast<int>(event.data))
                                             : error_code());
    }

    static std::uintptr_t ident(Descriptor descriptor)
    {
        return static_cast<std::uintptr_t>(descriptor.number());
    }

    static Side& side(Slot& slot, long filter)
    {
        return filter == read_filter ? slot.read : slot.write;
    }

    std::vector<Wait>::iterator find(std::uintptr_t ident, long filter)
    {
        return std::find_if(waits_.begin(), waits_.end(), [&](const Wait& wait) {
            return wait.operation->ident() == ident && wait.operation->filter() == filter;
        });
    }

    Bell bell_;
    std::vector<Kevent> events_;  // room for one batch, or for all changes to fail
    int kqueue_ = ::kqueue();
    unsigned forks_ = forks();
    std::vector<Descriptor> changed_;  // whose slots may differ from the kernel's list
    std::vector<Kevent> changes_;      // and what is to be done about that
    std::vector<Wait> waits_;          // for other filters than those of descriptors: few
    CallCount calls_{"kevent"};
};

}

std::unique_ptr<Reactor> make_kqueue_reactor(const ReactorOptions& options, Kernel& kernel)
{
    return std::make_unique<KqueueReactor>(options, kernel);
}

}

#else

namespace cogen {

std::unique_ptr<Reactor> make_kqueue_reactor(const ReactorOptions&, Kernel&)
{
    throw_error(system_error_code(ENOSYS), "kqueue: this system has none");
}

}

#endif
