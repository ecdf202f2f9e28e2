// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operation.hpp"

#include <cstdint>

namespace cogen {

/// What kevent(2) has reported; what it means depends on the filter.
struct KeventReport {
    std::int64_t data = 0;
    unsigned fflags = 0;
};

/// A wait for one report of one of the kernel's filters: what WaitKevent is made of.
class KeventWait : public Operation {
public:
    std::uintptr_t ident() const { return ident_; }
    int filter() const { return filter_; }
    unsigned fflags() const { return fflags_; }

    /// For the reactor, before it completes this with success.
    void reported(KeventReport report) { report_ = report; }

protected:
    KeventWait(std::uintptr_t ident, int filter, unsigned fflags)
        : ident_(ident), filter_(filter), fflags_(fflags)
    {}
    ~KeventWait() = default;
    KeventWait(const KeventWait&) = default;
    KeventWait& operator=(const KeventWait&) = default;

    KeventReport report() const { return report_; }

private:
    std::uintptr_t ident_;
    int filter_;
    unsigned fflags_;
    KeventReport report_;
};

/// A reactor that waits by kevent(2), and so for more than descriptors. The one here is "kqueue";
/// another that derives from this as well has these waits, too.
class KeventReactor {
public:
    /// Takes charge of the wait. complete() follows, exactly once, out of Reactor::wait() or
    /// cancel(). Answers with an error where it cannot even begin, and lets go of it: EINVAL for a
    /// filter that the reactor uses itself, errc::simultaneous where somebody waits for the same.
    virtual error_code start(KeventWait& wait) = 0;

    /// Ends a wait in its charge at once, for the reason given.
    virtual void cancel(KeventWait& wait, error_code why) = 0;

protected:
    ~KeventReactor() = default;
};

}
