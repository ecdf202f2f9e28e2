// SPDX-License-Identifier: MIT
//
// What a server does with the time-outs of its operations: it sets one, and nearly always cancels
// it and sets another, while thousands more are live. std::multimap is what one would use without a
// structure of one's own.
#include "bench/micro/cases.hpp"
#include "bench/micro/stopwatch.hpp"

#include <map>
#include <memory>
#include <random>

#include <cogen/timers.hpp>

namespace bench {
namespace {

using namespace std::chrono_literals;
using Time = cogen::TimePoint;

class TimeOut final : public cogen::Timer {
    void expired() override {}
};

/// cogen's heap: set within a turn, settled at the end of it.
class Heap {
public:
    explicit Heap(unsigned live) : nodes_(live) {}
    ~Heap()
    {
        for (auto& node : nodes_)
            timers_.disarm(node);
    }
    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;

    void set(unsigned which, Time now, cogen::Duration delay)
    {
        timers_.arm(nodes_[which], delay);
        if (which % 16 == 0)  // a turn in sixteen operations: few, so as not to flatter ourselves
            timers_.settle(now);
    }
    void cancel(unsigned which) { timers_.disarm(nodes_[which]); }

private:
    std::vector<TimeOut> nodes_;
    cogen::Timers timers_;
};

class Multimap {
public:
    explicit Multimap(unsigned live) : places_(live) {}

    void set(unsigned which, Time now, cogen::Duration delay)
    {
        places_[which] = timers_.emplace(now + delay, which);
    }
    void cancel(unsigned which) { timers_.erase(places_[which]); }

private:
    std::multimap<Time, unsigned> timers_;
    std::vector<std::multimap<Time, unsigned>::iterator> places_;
};

/// Cancels a random time-out and sets it anew at thirty seconds from now, again and again, as time
/// goes by slowly.
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
        for (auto& which : order_)
            which = static_cast<unsigned>(random_() % live_);
        Stopwatch watch;
        watch.start();
        for (const unsigned which : order_) {
            timers_.cancel(which);
            timers_.set(which, now_, 30s);
            now_ += 5us;
        }
        watch.stop();
        return watch.nanoseconds_each(static_cast<unsigned>(order_.size()));
    }

private:
    unsigned live_;
    Timers timers_;
    Time now_{};
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

MicroCases timer_cases()
{
    MicroCases cases;
    for (const unsigned live : {10'000U, 1'000'000U}) {
        cases.push_back(time_outs<Heap>(live, "cogen"));
        cases.push_back(time_outs<Multimap>(live, "std::multimap"));
    }
    return cases;
}

}
