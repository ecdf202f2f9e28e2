// SPDX-License-Identifier: MIT
#include "cogen/listen.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

namespace cogen {

Coroutine* Listen::start(Scheduler& scheduler)
{
    Kernel& kernel = scheduler.reactor().kernel();
    const int number = kernel.socket(endpoint_.family(), SOCK_STREAM);
    if (number < 0)
        return complete_now(system_error_code(-number));
    const Descriptor descriptor(number);
    OpenDescriptor owner(scheduler, descriptor);  // closes it where a later step fails

    if (!endpoint_.is_unix()) {
        kernel.setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
        kernel.setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);  // the accepted inherit it
    }
    int answer = kernel.bind(descriptor, endpoint_.data(), endpoint_.size());
    if (answer == 0)
        answer = kernel.listen(descriptor, SOMAXCONN);

    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (answer == 0)
        answer = kernel.getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), size);
    if (answer < 0)
        return complete_now(system_error_code(-answer));
    listener_ = Listener(std::move(owner), Endpoint(bound, size));
    return complete_now();
}

}
