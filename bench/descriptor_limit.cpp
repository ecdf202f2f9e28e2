// SPDX-License-Identifier: MIT
#include "bench/descriptor_limit.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <sys/resource.h>

namespace bench {

void need_descriptors(std::size_t count)
{
    const rlim_t wanted = count + 64;
    rlimit limit = {};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= wanted)
        return;
    if (limit.rlim_max < wanted)
        throw std::runtime_error("this needs " + std::to_string(wanted)
                                 + " open files, and the limit is " + std::to_string(limit.rlim_max)
                                 + " (ulimit -n): ask for fewer connections or fewer reactors");
    limit.rlim_cur = wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}
