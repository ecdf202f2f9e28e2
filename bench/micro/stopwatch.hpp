// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <ctime>

namespace bench {

/// Measures nanoseconds from start() to stop(). The two may be called by different coroutines, all
/// on one thread: it is that thread's processor time, so that others who run meanwhile do not
/// count.
class Stopwatch {
public:
    void start() { begin_ = own_thread_time(); }
    void stop() { end_ = own_thread_time(); }

    double nanoseconds_each(unsigned times) const
    {
        return static_cast<double>(end_ - begin_) / times;
    }

private:
    static std::int64_t own_thread_time()
    {
        timespec time = {};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
    }

    std::int64_t begin_ = 0, end_ = 0;
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
