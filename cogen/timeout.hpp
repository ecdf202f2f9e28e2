// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/clock.hpp"

#include <algorithm>
#include <optional>

namespace cogen {

/// How long something may take: so long, for ever, or (unset) as long as somebody else says.
class Timeout {
public:
    constexpr Timeout() = default;  ///< unset

    /// Nothing or less is no time at all.
    template <class Rep, class Period>
    constexpr Timeout(std::chrono::duration<Rep, Period> duration)
        : duration_(std::max(saturated(duration), Duration::zero()))
    {}

    static constexpr Timeout never() { return Duration::max(); }

    /// The time, or none; `unset` is what is so where it is unset.
    constexpr std::optional<Duration> value_or(std::optional<Duration> unset) const
    {
        if (duration_ < Duration::zero())
            return unset;
        return duration_ == Duration::max() ? std::nullopt : std::optional(duration_);
    }

private:
    Duration duration_{-1};
};

}
