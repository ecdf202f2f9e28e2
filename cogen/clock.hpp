// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <limits>
#include <string>

namespace cogen {

/// Time as the scheduler counts it: it never jumps, and a Kernel may replace it by a virtual one.
using Clock = std::chrono::steady_clock;

/// A part of it, in nanoseconds.
using Duration = std::chrono::nanoseconds;

/// A moment of it.
using TimePoint = std::chrono::time_point<Clock, Duration>;

using namespace std::chrono_literals;

/// Any duration in nanoseconds; what does not fit (292 years) becomes the largest that does.
template <class Rep, class Period>
constexpr Duration saturated(std::chrono::duration<Rep, Period> duration)
{
    using Wide = std::chrono::duration<long double, std::nano>;
    const Wide wide = duration;
    if (wide >= Wide(Duration::max()))
        return Duration::max();
    if (wide <= Wide(Duration::min()))
        return Duration::min();
    return std::chrono::duration_cast<Duration>(duration);
}

/// `start` + `duration`, no later than the last point in time that there is.
constexpr TimePoint after(TimePoint start, Duration duration)
{
    if (duration > Duration::zero() && start > TimePoint::max() - duration)
        return TimePoint::max();
    if (duration < Duration::zero() && start < TimePoint::min() - duration)
        return TimePoint::min();
    return start + duration;
}

/// In the largest unit that shows it: "1.5s", "20ms", "700ns".
std::string to_string(Duration duration);

}
