// SPDX-License-Identifier: MIT
#include "cogen/socket.hpp"

namespace cogen {

std::pair<Socket, Socket> socket_pair(Scheduler& scheduler)
{
    Descriptor ends[2];
    const int answer = scheduler.reactor().kernel().socketpair(AF_UNIX, SOCK_STREAM, ends);
    if (answer < 0)
        throw_error(system_error_code(-answer), "socketpair");
    return {Socket(scheduler, ends[0]), Socket(scheduler, ends[1])};
}

}
