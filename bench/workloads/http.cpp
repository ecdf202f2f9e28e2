// SPDX-License-Identifier: MIT
#include "bench/servers/http.hpp"
#include "bench/workloads/exchanges.hpp"
#include "bench/workloads/workload.hpp"

namespace bench {
namespace {

Exchange hello()
{
    return {"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: cogen-bench\r\nAccept: */*\r\n\r\n",
            std::string(response_to({true, true, "GET", "/"}))};
}

}

Workload http_workload()
{
    return {
        .name = "http",
        .title = "HTTP",
        .what =
            "a small request, read to its end, and a fixed response of 13 bytes, on connections "
            "kept alive",
        .service = Service::http,
        .unit = {"request", "requests"},
        .size = {"connection", "connections"},
        .sizes = {1, 64, 512},
        .connect =
            [](std::uint16_t port, unsigned size) {
                return std::make_unique<Exchanges>(port, std::vector(size, hello()), size);
            },
    };
}

}
