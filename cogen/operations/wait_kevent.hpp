// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/scheduler.hpp"
#include "reactors/kqueue.hpp"

#include <cerrno>
#include <string>

namespace cogen {

/// Waits for one report of a filter of kqueue(2), and answers with what came: data and fflags. So
/// the filters can be had for which there is no operation, on the systems that have them:
///
///     auto [data, fflags] = yield(WaitKevent(pid, EVFILT_PROC, NOTE_EXIT));
///     yield(WaitKevent(fd, EVFILT_VNODE, NOTE_WRITE | NOTE_DELETE) | within(2s));
///     yield(WaitKevent(SIGHUP, EVFILT_SIGNAL, 0));
///
/// Only on the reactor "kqueue"; on each other it fails with ENOTSUP. EVFILT_READ, EVFILT_WRITE and
/// EVFILT_USER are the reactor's own, and fail with EINVAL. One coroutine at a time waits for an
/// ident with a filter; a second gets a SimultaneousError. What the system does not take is its
/// error, as ESRCH for a process that has gone.
///
/// The filter is in force from the end of the turn in which this starts until it is complete. What
/// happens between two waits is not reported, so look at the file, or reap the process, after each.
/// What a filter tells differs: the status of a process, on macOS, only with NOTE_EXITSTATUS.
/// A descriptor stays its owner's, who closes it when nobody waits: some systems would not tell.
/// Ended early, it has done nothing.
class [[nodiscard]] WaitKevent final : public KeventWait {
public:
    [[nodiscard]] WaitKevent(std::uintptr_t ident, int filter, unsigned fflags)
        : KeventWait(ident, filter, fflags)
    {}

    Record* cancel(error_code why) override
    {
        reactor_->cancel(*this, why);
        return nullptr;
    }

    KeventReport result() const
    {
        if (!other_reactor_.empty())
            throw_error(error(), "WaitKevent needs the kqueue reactor, and this is "
                                     + std::string(other_reactor_));
        throw_if_failed();
        return report();
    }

    std::string describe() const override
    {
        return "WaitKevent(" + std::to_string(ident()) + ", filter " + std::to_string(filter())
               + ", fflags " + std::to_string(fflags()) + ')';
    }

private:
    Coroutine* start(Scheduler& scheduler) override
    {
        other_reactor_ = {};
        reactor_ = dynamic_cast<KeventReactor*>(&scheduler.reactor());
        if (!reactor_) {
            other_reactor_ = scheduler.reactor().name();
            return complete_now(system_error_code(ENOTSUP));
        }
        if (const error_code error = reactor_->start(*this))
            return complete_now(error);
        return nullptr;
    }

    KeventReactor* reactor_ = nullptr;
    std::string_view other_reactor_;  // which cannot do it
};

}
