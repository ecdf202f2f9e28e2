// SPDX-License-Identifier: MIT
#include "bench/workloads/workload.hpp"

#include "bench/table.hpp"

#include <stdexcept>

namespace bench {

std::vector<Workload> all_workloads()
{
    return {echo_workload(), idle_workload(), stream_workload(), churn_workload(), http_workload()};
}

Workload workload_named(const std::string& name)
{
    for (const auto& workload : all_workloads())
        if (workload.name == name)
            return workload;
    throw std::invalid_argument("there is no workload " + name);
}

void Workload::check(unsigned asked_for) const
{
    if (asked_for < least)
        throw std::invalid_argument(name + " needs a connection at least");
}

std::string Noun::counted(unsigned count) const
{
    return bench::counted(count) + ' ' + (count == 1 ? one : several);
}

}
