// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace bench {

/// Measures nanoseconds from start() to stop(). The two may be called by different coroutines.
class Stopwatch {
public:
    void start() { begin_ = Clock::now(); }
    void stop() { end_ = Clock::now(); }

    double nanoseconds_each(unsigned times) const
    {
        return std::chrono::duration<double, std::nano>(end_ - begin_).count() / times;
    }

private:
    using Clock = std::chrono::steady_clock;

    Clock::time_point begin_, end_;
};

/// How often a round does what takes some nanoseconds: about five milliseconds' worth.
inline constexpr unsigned turns_in_a_round = 200'000;

/// Times a party's coroutines as they pass the turn round: from the moment when the last of them
/// has started to the moment when the first has had all its turns, so that neither start nor end
/// counts.
class RoundRobin {
public:
    explicit RoundRobin(unsigned coroutines) : coroutines_(coroutines) {}

    /// The body of each coroutine: passes often, where pass() is the party's yield.
    template <class Pass>
    void take_turns(unsigned index, Pass&& pass)
    {
        if (index + 1 == coroutines_)
            watch_.start();
        for (unsigned turn = turns(); turn > 0; --turn)
            pass();
        if (index == 0)
            watch_.stop();
    }

    double nanoseconds_each() const { return watch_.nanoseconds_each(turns() * coroutines_); }

    unsigned turns() const { return turns_in_a_round / coroutines_; }

private:
    unsigned coroutines_;
    Stopwatch watch_;
};

}
