// SPDX-License-Identifier: MIT
#include "bench/servers/servers.hpp"

#include <utility>

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
    std::vector<Server> servers{floor_server(), libevent_server(), ring_server()};
    for (auto& server : cogen_servers())
        servers.push_back(std::move(server));
    return servers;
}

}
