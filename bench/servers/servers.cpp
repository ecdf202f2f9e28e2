// SPDX-License-Identifier: MIT
#include "bench/servers/servers.hpp"

#include <algorithm>
#include <iterator>

namespace bench {

std::string_view name_of(Kind kind)
{
    switch (kind) {
    case Kind::floor:
        return "floor";
    case Kind::peer:
        return "peer";
    case Kind::reactor:
        break;
    }
    return "reactor";
}

std::vector<Server> all_servers()
{
    std::vector<Server> servers{floor_server(), libevent_server()};
    auto reactors = cogen_servers();
    for (const auto& reactor : reactors)
        if (reactor.name == "io_uring")
            servers.push_back(ring_server(reactor.why_not));
    std::move(reactors.begin(), reactors.end(), std::back_inserter(servers));
    return servers;
}

}
