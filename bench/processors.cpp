// SPDX-License-Identifier: MIT
#include "bench/processors.hpp"

#include <sched.h>

namespace bench {

std::string Processors::description() const
{
    if (!server || !load)
        return "server and load share one processor, so they also compete for it: read the figures "
               "as ratios only";
    return "server on processor " + std::to_string(*server) + ", load on processor "
           + std::to_string(*load);
}

#ifdef __linux__

namespace {

Processors two_of_the_allowed()
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2)
        return {};
    Processors chosen;
    for (int processor = 0; processor < CPU_SETSIZE; ++processor)
        if (CPU_ISSET(processor, &allowed)) {
            if (!chosen.server)
                chosen.server = processor;
            chosen.load = processor;
        }
    return chosen;
}

}

Processors choose_processors()
{
    static const Processors chosen = two_of_the_allowed();
    return chosen;
}

void stay_on(std::optional<int> processor)
{
    if (!processor)
        return;
    cpu_set_t wanted;
    CPU_ZERO(&wanted);
    CPU_SET(*processor, &wanted);
    sched_setaffinity(0, sizeof wanted, &wanted);  // best effort: a refusal only adds noise
}

#else

Processors choose_processors() { return {}; }

void stay_on(std::optional<int>) {}

#endif

}
