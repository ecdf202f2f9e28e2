// SPDX-License-Identifier: MIT
#include "reactors/readiness.hpp"
#include "reactors/waker.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string>

#include <fcntl.h>
#include <sys/select.h>

namespace cogen {
namespace {

// select is the oldest of them, and everywhere. It is asked with sets of bits, one for each
// descriptor's number, and answers in the same sets. Its surprises decide how we use it:
//
// - A set has room for FD_SETSIZE numbers, 1024 in most systems, however many descriptors the
//   process may open. To set a bit behind the end writes into other memory. So who would have to
//   wait for a larger number is refused (errc::descriptor_too_large).
// - The sets are overwritten with the answer. So there are two of each: what we wait for, which is
//   kept up to date, and a copy for each wait. (Linux overwrites the time-out, too, but pselect
//   does not; and pselect tells the time in nanoseconds.)
// - A wait costs the more the higher the highest number, though only a single descriptor be waited
//   for: the system looks at each bit up to there, and so do we at those of its answer, until we
//   have seen as many as it has counted.
// - Errors and hang-ups have no set of their own. A failed descriptor is readable and writable, one
//   whose peer has gone is readable: whoever waits attempts, and learns it from the call. But a
//   hang-up by itself makes nothing writable: a writer whose peer has shut down both directions,
//   and keeps what it was sent, waits on until the peer closes.
// - The third set, of "exceptional" conditions, is that of urgent data. We hand over none: whoever
//   stops at an urgent mark is told of the data behind it by the first set, since what is reported
//   here is not an edge but a state, as long as it lasts.
// - A single descriptor that is closed behind our back makes the whole wait fail with EBADF, which
//   does not say whose it was. So we look for it, and let whoever waits for it attempt.

/// Waits by pselect(2).
class SelectReactor final : public ReadinessReactor {
public:
    explicit SelectReactor(Kernel& kernel) : ReadinessReactor(kernel)
    {
        if (!fits(waker_.descriptor()))
            throw_error(errc::descriptor_too_large,
                        "select: to be woken by " + to_string(waker_.descriptor()));
        FD_ZERO(&reading_);
        FD_ZERO(&writing_);
        FD_SET(waker_.descriptor().number(), &reading_);
    }

    std::string_view name() const override { return "select"; }
    void wake() noexcept override { waker_.wake(); }
    std::vector<CallCount> calls() const override { return {waits_, searches_}; }

    bool wait(Patience patience) override
    {
        fd_set readable = reading_;
        fd_set writable = writing_;
        const int count = select(readable, writable, patience);
        if (count == -EBADF)
            wake_closed();
        else if (count > 0)
            serve_ready(readable, writable, count);
        return count != 0;
    }

private:
    static bool fits(Descriptor descriptor) { return descriptor.number() < FD_SETSIZE; }

    error_code watch(Descriptor descriptor, Slot& slot) override
    {
        if (!fits(descriptor))
            return errc::descriptor_too_large;
        highest_ = std::max(highest_, descriptor.number());
        update(descriptor, slot);
        return {};
    }

    void unwatch(Slot& slot) override
    {
        const Descriptor descriptor = descriptor_of(slot);
        if (!fits(descriptor))
            return;  // it was refused
        update(descriptor, slot);
        while (!FD_ISSET(highest_, &reading_) && !FD_ISSET(highest_, &writing_))
            --highest_;  // no further than the waker
    }

    void update(Descriptor descriptor, Slot& slot)
    {
        slot.read.watched = slot.read.waiter != nullptr;
        slot.write.watched = slot.write.waiter != nullptr;
        put(descriptor, reading_, slot.read.watched);
        put(descriptor, writing_, slot.write.watched);
    }

    static void put(Descriptor descriptor, fd_set& set, bool in)
    {
        if (in)
            FD_SET(descriptor.number(), &set);
        else
            FD_CLR(descriptor.number(), &set);
    }

    /// Answers with how many bits are set in both, or with -EBADF. What is in them after an answer
    /// below 1 means nothing.
    int select(fd_set& readable, fd_set& writable, Patience patience)
    {
        ++waits_.count;
        const Duration duration = patience.value_or(Duration::zero());
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
        const timespec timeout = {static_cast<time_t>(seconds.count()),
                                  static_cast<long>((duration - seconds).count())};
        const int count = ::pselect(highest_ + 1, &readable, &writable, nullptr,
                                    patience ? &timeout : nullptr, nullptr);
        if (count >= 0)
            return count;
        if (errno == EINTR)  // a signal: a wait in which nothing happened
            return 0;
        if (errno != EBADF)
            throw_error(system_error_code(errno), "pselect");
        return -EBADF;
    }

    void serve_ready(const fd_set& readable, const fd_set& writable, int count)
    {
        const int waker = waker_.descriptor().number();
        const int last = highest_;  // it may fall meanwhile
        for (int number = 0; number <= last && count > 0; ++number) {
            const bool reads = FD_ISSET(number, &readable);
            const bool writes = FD_ISSET(number, &writable);
            count -= reads + writes;
            if (number == waker && reads)
                waker_.drain();
            else if (reads || writes)
                on_ready(slot(Descriptor(number)), reads, writes, false);
        }
    }

    void wake_closed()
    {
        const int last = highest_;
        for (int number = 0; number <= last; ++number)
            if ((FD_ISSET(number, &reading_) || FD_ISSET(number, &writing_)) && is_closed(number)) {
                if (number == waker_.descriptor().number())
                    throw_error(system_error_code(EBADF),
                                "pselect: woken by " + to_string(waker_.descriptor()));
                on_ready(slot(Descriptor(number)), true, true, false);
            }
    }

    bool is_closed(int number)
    {
        ++searches_.count;
        return ::fcntl(number, F_GETFD) < 0 && errno == EBADF;
    }

    Waker waker_;
    fd_set reading_;  // what we wait for
    fd_set writing_;
    int highest_ = waker_.descriptor().number();  // of those in the two
    CallCount waits_{"pselect"};
    CallCount searches_{"fcntl"};
};

}

std::unique_ptr<Reactor> make_select_reactor(const ReactorOptions&, Kernel& kernel)
{
    return std::make_unique<SelectReactor>(kernel);
}

}
