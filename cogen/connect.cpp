// SPDX-License-Identifier: MIT
#include "cogen/connect.hpp"

#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>

namespace cogen {

Coroutine* Connect::start(Scheduler& scheduler)
{
    Kernel& kernel = scheduler.reactor().kernel();
    const int number = kernel.socket(endpoint_.family(), SOCK_STREAM);
    if (number < 0)
        return complete_now(system_error_code(-number));
    socket_ = Socket(scheduler, Descriptor(number), stream_kind_at(endpoint_));
    if (!endpoint_.is_unix())
        kernel.setsockopt(socket_.descriptor(), IPPROTO_TCP, TCP_NODELAY, 1);
    work_on(socket_.descriptor());
    return IoOperation::start(scheduler);
}

/// The first attempt begins; the others find out what has come of it. A Unix socket's EAGAIN means
/// that the listener's queue is full, and that no report of readiness will follow: it is final.
ssize_t Connect::attempt(Kernel& kernel) noexcept
{
    if (under_way_) {
        int error = 0;
        if (const int answer = kernel.getsockopt(descriptor(), SOL_SOCKET, SO_ERROR, error);
            answer < 0)
            return answer;
        if (error != 0)
            return -error;
    }
    const int answer = kernel.connect(descriptor(), endpoint_.data(), endpoint_.size());
    switch (answer) {
    case -EISCONN:
        return 0;
    case -EINPROGRESS:
    case -EALREADY:
        under_way_ = true;
        return -EAGAIN;
    case -EAGAIN:
        return -ECONNREFUSED;
    default:
        return answer;
    }
}

std::string Connect::describe() const { return describe_as("Connect", to_string(endpoint_)); }

}
