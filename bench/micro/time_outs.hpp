// SPDX-License-Identifier: MIT
#pragma once

#include "bench/micro/cases.hpp"
#include "bench/micro/stopwatch.hpp"

#include <memory>
#include <random>
#include <vector>

#include <cogen/timers.hpp>

namespace bench {

using namespace std::chrono_literals;
using Time = cogen::TimePoint;

/// How many time-outs are live.
inline constexpr unsigned time_out_sizes[] = {10'000, 1'000'000};

/// What a server does with the time-outs of its operations: it sets one, and nearly always cancels
/// it and sets another, while thousands more are live. Here a random one is cancelled and set anew
/// at thirty seconds from now, again and again, as time goes by slowly. The timers can set(which,
/// now, delay) and cancel(which).
template <class Timers>
class Server {
public:
    explicit Server(unsigned live) : live_(live), timers_(live)
    {
        for (unsigned i = 0; i < live; ++i)
            timers_.set(i, now_, cogen::Duration(random_() % (30s / 1ns)));
    }

    double measure()
    {
        draw();
        pass();  // whoever ran before us has had the processor's caches
        draw();
        Stopwatch watch;
        watch.start();
        pass();
        watch.stop();
        return watch.nanoseconds_each(static_cast<unsigned>(order_.size()));
    }

private:
    void draw()
    {
        for (auto& which : order_)
            which = static_cast<unsigned>(random_() % live_);
    }

    void pass()
    {
        for (const unsigned which : order_) {
            timers_.cancel(which);
            timers_.set(which, now_, 30s);
            now_ += 5us;
        }
    }

    unsigned live_;
    Timers timers_;
    Time now_ = cogen::Clock::now() + 1h;  // ahead of the real one, so that none expires
    std::mt19937_64 random_;
    std::vector<unsigned> order_ = std::vector<unsigned>(turns_in_a_round / 4);
};

template <class Timers>
MicroCase time_outs(unsigned live, const std::string& who)
{
    return {time_out_among(live), who, "ns",
            [server = std::make_shared<Server<Timers>>(live)] { return server->measure(); }};
}

}
