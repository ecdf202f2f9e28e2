// SPDX-License-Identifier: MIT
#pragma once

#include "bench/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <limits>

namespace bench {

/// When to begin no more: after so long, or after so many units if that comes first; but not before
/// the least of them.
struct Limit {
    std::chrono::nanoseconds time = std::chrono::hours(1);
    std::uint64_t units = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t least = 0;
};

/// What became of it.
struct Traffic {
    std::uint64_t units = 0;
    std::chrono::nanoseconds elapsed{0};
    Histogram latency;  ///< of each unit; empty where that says nothing

    double per_second() const
    {
        return static_cast<double>(units) / std::chrono::duration<double>(elapsed).count();
    }
};

/// What keeps a server busy. It works about as hard as the server, so the units per second are the
/// pair's figure; what the server alone spends is in its counters.
class Load {
public:
    Load() = default;
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;
    virtual ~Load() = default;

    /// How many units are under way at once.
    virtual unsigned at_once() const = 0;

    /// Keeps so many under way up to the limit, then waits for what is due, so that the server is
    /// idle when this returns. Throws when an answer is wrong or late by ten seconds.
    virtual Traffic drive(Limit limit) = 0;

protected:
    using Clock = std::chrono::steady_clock;

    /// Counts what has begun since it was made, and says when no more may.
    class Budget {
    public:
        explicit Budget(Limit limit) : limit_(limit) {}

        bool spend(Clock::time_point now)
        {
            const bool early = now - start_ < limit_.time || begun_ < limit_.least;
            const bool may = early && begun_ < limit_.units;
            begun_ += may;
            return may;
        }

        std::uint64_t begun() const { return begun_; }
        std::chrono::nanoseconds elapsed() const { return Clock::now() - start_; }

    private:
        Limit limit_;
        Clock::time_point start_ = Clock::now();
        std::uint64_t begun_ = 0;
    };
};

}
