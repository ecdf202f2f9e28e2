// SPDX-License-Identifier: MIT
#include "bench/workloads/exchanges.hpp"
#include "bench/workloads/workload.hpp"

namespace bench {

Workload echo_workload()
{
    using std::chrono::milliseconds;
    return {
        .name = "echo",
        .title = "Echo",
        .what = "64 bytes there and back, one message under way on each connection",
        .service = Service::echo,
        .unit = {"request", "requests"},
        .size = {"connection", "connections"},
        .sizes = {1, 4, 16, 64, 512},
        .connect =
            [](std::uint16_t port, unsigned size) {
                return std::make_unique<Exchanges>(port, echo_exchanges(size), size);
            },
        .effort = {4, 8, milliseconds(30), milliseconds(40)},
        .brief = {2, 5, milliseconds(20), milliseconds(20)},
    };
}

}
