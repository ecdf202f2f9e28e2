// SPDX-License-Identifier: MIT
#include "cogen/open_datagram.hpp"

namespace cogen {

Coroutine* BindDatagram::start(Scheduler& scheduler)
{
    Kernel& kernel = scheduler.reactor().kernel();
    const int number = kernel.socket(endpoint_.family(), SOCK_DGRAM);
    if (number < 0)
        return complete_now(system_error_code(-number));
    DatagramSocket socket(scheduler, Descriptor(number));  // closes it where a step fails

    int answer = 0;
    if (options_.reuse_port)
        answer = kernel.setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEPORT, 1);
    if (answer == 0)
        answer = kernel.bind(socket.descriptor(), endpoint_.data(), endpoint_.size());
    if (answer < 0)
        return complete_now(system_error_code(-answer));
    socket_ = std::move(socket);
    return complete_now();
}

Coroutine* ConnectDatagram::start(Scheduler& scheduler)
{
    Kernel& kernel = scheduler.reactor().kernel();
    const int number = kernel.socket(peer_.family(), SOCK_DGRAM);
    if (number < 0)
        return complete_now(system_error_code(-number));
    DatagramSocket socket(scheduler, Descriptor(number));  // closes it where a step fails

    int answer = 0;
    if (local_.size() > 0)
        answer = kernel.bind(socket.descriptor(), local_.data(), local_.size());
    if (answer == 0)
        answer = kernel.connect(socket.descriptor(), peer_.data(), peer_.size());
    if (answer < 0)
        return complete_now(system_error_code(-answer));
    socket_ = std::move(socket);
    return complete_now();
}

}
