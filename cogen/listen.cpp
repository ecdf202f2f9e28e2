// SPDX-License-Identifier: MIT
#include "cogen/listen.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

namespace cogen {

/// Answers as the last call did.
int Listen::set_up(Kernel& kernel, Descriptor descriptor) const
{
    int answer = 0;
    if (options_.reuse_port)
        answer = kernel.setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
    if (answer == 0 && !endpoint_.is_unix()) {
        kernel.setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, options_.reuse_address);
        kernel.setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, options_.nodelay);  // inherited
    }
    if (answer == 0)
        answer = kernel.bind(descriptor, endpoint_.data(), endpoint_.size());
    if (answer == 0)
        answer = kernel.listen(descriptor, options_.backlog);
    return answer;
}

Coroutine* Listen::start(Scheduler& scheduler)
{
    Kernel& kernel = scheduler.reactor().kernel();
    const int number = kernel.socket(endpoint_.family(), SOCK_STREAM);
    if (number < 0)
        return complete_now(system_error_code(-number));
    OpenDescriptor descriptor(scheduler, Descriptor(number));  // closes it where a step fails

    int answer = set_up(kernel, descriptor.get());
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (answer == 0)
        answer = kernel.getsockname(descriptor.get(), reinterpret_cast<sockaddr*>(&bound), size);
    if (answer < 0)
        return complete_now(system_error_code(-answer));
    listener_ = Listener(scheduler, std::move(descriptor), Endpoint(bound, size));
    return complete_now();
}

}
