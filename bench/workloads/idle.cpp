// SPDX-License-Identifier: MIT
#include "bench/workloads/exchanges.hpp"
#include "bench/workloads/workload.hpp"

namespace bench {

Workload idle_workload()
{
    using std::chrono::milliseconds;
    return {
        .name = "idle",
        .title = "Idle",
        .what = "64 bytes there and back on one connection, beside others on which nothing happens",
        .service = Service::echo,
        .unit = {"request", "requests"},
        .size = {"idle connection", "idle connections"},
        // 900: short of the 1024 descriptors that select can wait for. 2000: the load has them on
        // all servers at once, and often no process may have more than 20,000 open.
        .sizes = {0, 64, 256, 900, 2000},
        .least = 0,
        .besides = 1,
        .same_work = true,
        .connect =
            [](std::uint16_t port, unsigned size) {
                return std::make_unique<Exchanges>(port, echo_exchanges(size + 1), 1);
            },
        // To set so many up takes longer than a round, and the differences are large.
        .effort = {2, 6, milliseconds(30), milliseconds(30)},
        .brief = {1, 5, milliseconds(20), milliseconds(20)},
    };
}

}
