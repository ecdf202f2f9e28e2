// SPDX-License-Identifier: MIT
#include "bench/descriptor_limit.hpp"

#include "bench/table.hpp"

#include <algorithm>
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
        throw TooFewDescriptors("this needs " + counted(wanted) + " open files, and the limit is "
                                + counted(limit.rlim_max)
                                + " (ulimit -n): ask for fewer connections or fewer reactors");
    limit.rlim_cur = wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}
