// SPDX-License-Identifier: MIT
#include "cogen/datagram_socket.hpp"

namespace cogen {

std::pair<DatagramSocket, DatagramSocket> datagram_pair(Scheduler& scheduler)
{
    Descriptor ends[2];
    const int answer = scheduler.reactor().kernel().socketpair(AF_UNIX, SOCK_DGRAM, ends);
    if (answer < 0)
        throw_error(system_error_code(-answer), "socketpair");
    return {DatagramSocket(scheduler, ends[0]), DatagramSocket(scheduler, ends[1])};
}

}
