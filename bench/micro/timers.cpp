// SPDX-License-Identifier: MIT
//
// cogen's timers, and std::multimap, which is what one would use without a structure of one's own.
#include "bench/micro/time_outs.hpp"

#include <map>
#include <vector>

namespace bench {
namespace {

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

}

MicroCases timer_cases()
{
    MicroCases cases;
    for (const unsigned live : time_out_sizes) {
        cases.push_back(time_outs<Heap>(live, "cogen"));
        cases.push_back(time_outs<Multimap>(live, "std::multimap"));
    }
    return cases;
}

}
