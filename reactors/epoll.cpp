// SPDX-License-Identifier: MIT
#include "reactors/readiness.hpp"

#include <cerrno>

#if __has_include(<sys/epoll.h>)

#include "cogen/forks.hpp"
#include "reactors/waker.hpp"

#include <algorithm>
#include <ctime>
#include <vector>

#include <sys/epoll.h>
#include <unistd.h>

namespace cogen {
namespace {

// epoll keeps the list in the kernel, so a wait costs what has become ready, not what waits. Its
// surprises decide how we use it:
//
// - Telling it about each wait costs a system call each time. So a descriptor is registered once,
//   at its first wait, and stays. That needs edges: a level would be reported again and again while
//   nobody reads. Who has more to do than goes in one turn registers it anew, for another edge.
// - An edge comes when something changes, not while it is so. What the edge said is therefore kept
//   (Side::may_succeed) until an attempt shows that it no longer holds.
// - A FIN that arrives together with data is in the same edge as the data. Who then reads less than
//   he asked for, and concludes that the next attempt would be in vain, sleeps for ever. So does
//   who reads up to an urgent mark. So after EPOLLRDHUP, EPOLLHUP, EPOLLERR and EPOLLPRI short
//   reads are trusted no longer (Side::doubtful).
// - Output is asked for when a write first blocks. Most sockets never come to that, and would
//   otherwise report an edge for each acknowledgement.
// - It knows files, not numbers: where a file lives on under another number (dup, fork) after we
//   have closed ours, events go on coming. They carry our generation of the number, and the old
//   ones are dropped.
// - Regular files and /dev/null are refused with EPERM, since they are always ready. Who waits for
//   one is served at the next wait, which then does not sleep.
// - What is borrowed is registered for one report (EPOLLONESHOT), and taken off the list when
//   nobody waits for it: once its owner has closed it, that could not be done.

/// Waits by epoll(7), edge-triggered.
class EpollReactor final : public ReadinessReactor {
public:
    EpollReactor(const ReactorOptions& options, Kernel& kernel)
        : ReadinessReactor(kernel), events_(options.batch)
    {
        if (epoll_ < 0)
            throw_error(system_error_code(errno), "epoll_create1");
        epoll_event event{.events = EPOLLIN, .data = {.u64 = wake_up}};
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, waker_.descriptor().number(), &event) < 0) {
            const error_code error = system_error_code(errno);
            ::close(epoll_);
            throw_error(error, "epoll_ctl");
        }
    }

    ~EpollReactor() override { ::close(epoll_); }

    std::string_view name() const override { return "epoll"; }
    void wake() noexcept override { waker_.wake(); }
    std::vector<CallCount> calls() const override { return {waits_, controls_}; }

    bool wait(Patience patience) override
    {
        std::vector<AlwaysReady> always_ready;
        always_ready.swap(always_ready_);
        const int count = wait_for_events(always_ready.empty() ? patience : Duration::zero());
        for (int i = 0; i < count; ++i)
            serve(events_[static_cast<std::size_t>(i)]);
        for (const AlwaysReady& ready : always_ready)
            if (Slot& slot = this->slot(ready.descriptor); slot.generation == ready.generation)
                on_ready(slot, true, true, false);
        return count > 0 || !always_ready.empty();
    }

private:
    static constexpr std::uint64_t wake_up = UINT64_MAX;  // no descriptor has this number

    /// One that epoll does not watch.
    struct AlwaysReady {
        Descriptor descriptor;
        std::uint32_t generation;
    };

    /// Input from the first wait on, output once a write has blocked.
    error_code watch(Descriptor descriptor, Slot& slot) override
    {
        if (forks_ != forks()) [[unlikely]]
            return {};  // a copy of the process: the list is the parent's
        const bool input = !slot.borrowed || slot.read.waiter;
        const bool output = slot.write.waiter || (slot.write.watched && !slot.borrowed);
        epoll_event event{};
        event.events = slot.borrowed ? EPOLLONESHOT : EPOLLET | EPOLLRDHUP | EPOLLPRI;
        event.events |= (input ? EPOLLIN : 0u) | (output ? EPOLLOUT : 0u);
        event.data.u64 = static_cast<std::uint64_t>(slot.generation) << 32
                         | static_cast<std::uint32_t>(descriptor.number());

        // A file that has gone from the number, and lives on elsewhere, may have come back to it:
        // then epoll knows it already.
        const bool known = slot.read.watched || slot.write.watched;
        int answer = control(known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, event);
        if (answer == -EEXIST)
            answer = control(EPOLL_CTL_MOD, descriptor, event);
        if (answer == -EPERM) {
            always_ready_.push_back({descriptor, slot.generation});
            return {};
        }
        if (answer < 0)
            return system_error_code(-answer);
        slot.read.watched = input;
        slot.write.watched = output;
        return {};
    }

    /// In a copy of the process it is left in the parent's list.
    void disown(Descriptor descriptor, Slot& slot) override
    {
        epoll_event none{};
        if ((slot.read.watched || slot.write.watched) && forks() == forks_)
            control(EPOLL_CTL_DEL, descriptor, none);
    }

    int control(int change, Descriptor descriptor, epoll_event& event)
    {
        ++controls_.count;
        return ::epoll_ctl(epoll_, change, descriptor.number(), &event) < 0 ? -errno : 0;
    }

    void serve(const epoll_event& event)
    {
        if (event.data.u64 == wake_up) {
            waker_.drain();
            return;
        }
        const Descriptor descriptor(static_cast<int>(event.data.u64 & UINT32_MAX));
        Slot& slot = this->slot(descriptor);
        if (slot.generation == event.data.u64 >> 32)
            on_ready(slot, event.events & EPOLLIN, event.events & EPOLLOUT,
                     event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI));
    }

    int wait_for_events(Patience patience)
    {
        ++waits_.count;
        const int limit = static_cast<int>(events_.size());
        int count = -1;
        if (precise_) {
            const Duration duration = patience.value_or(Duration::zero());
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
            const timespec timeout = {static_cast<time_t>(seconds.count()),
                                      static_cast<long>((duration - seconds).count())};
            count = ::epoll_pwait2(epoll_, events_.data(), limit, patience ? &timeout : nullptr,
                                   nullptr);
            precise_ = count >= 0 || (errno != ENOSYS && errno != EPERM);
        }
        if (!precise_)
            count = ::epoll_wait(epoll_, events_.data(), limit, milliseconds(patience));
        if (count < 0 && errno != EINTR)  // a signal: a wait in which nothing happened
            throw_error(system_error_code(errno), "epoll_wait");
        return count;
    }

    /// Rounded up: a wait must not end early.
    static int milliseconds(Patience patience)
    {
        if (!patience)
            return -1;
        const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(*patience).count();
        return static_cast<int>(std::min<decltype(rounded)>(rounded, 1 << 30));
    }

    Waker waker_;
    std::vector<epoll_event> events_;  // room for one batch
    int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    unsigned forks_ = forks();  // of the process whose list it is
    bool precise_ = true;       // epoll_pwait2, since Linux 5.11, where no filter forbids it
    std::vector<AlwaysReady> always_ready_;  // for whom somebody waits
    CallCount waits_{"epoll_wait"};
    CallCount controls_{"epoll_ctl"};
};

}

std::unique_ptr<Reactor> make_epoll_reactor(const ReactorOptions& options, Kernel& kernel)
{
    return std::make_unique<EpollReactor>(options, kernel);
}

}

#else

namespace cogen {

std::unique_ptr<Reactor> make_epoll_reactor(const ReactorOptions&, Kernel&)
{
    throw_error(system_error_code(ENOSYS), "epoll: this system has none");
}

}

#endif
