// SPDX-License-Identifier: MIT
#include "bench/workloads/ready.hpp"

#include "bench/interrupt.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <sys/socket.h>

namespace bench {

std::span<const epoll_event> Ready::wait()
{
    stop_if_interrupted();
    const int ready = epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()),
                                 static_cast<int>(patience / std::chrono::milliseconds(1)));
    if (ready == 0)
        throw std::runtime_error("the server owes a reply for ten seconds");
    return std::span(events_).first(static_cast<std::size_t>(std::max(ready, 0)));
}

void Ready::watch(int fd, std::uint32_t events, void* owner)
{
    control(EPOLL_CTL_ADD, fd, events, owner);
}

void Ready::change(int fd, std::uint32_t events, void* owner)
{
    control(EPOLL_CTL_MOD, fd, events, owner);
}

void Ready::control(int what, int fd, std::uint32_t events, void* owner)
{
    epoll_event event = {};
    event.events = events;
    event.data.ptr = owner;
    if (epoll_ctl(epoll_.get(), what, fd, &event) < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

Ready::Ready() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

std::size_t receive_some(int fd, std::span<char> buffer)
{
    const auto got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN)
        return 0;
    if (got < 0)
        throw std::system_error(errno, std::generic_category(), "recv");
    if (got == 0)
        throw std::runtime_error("the server has closed a connection");
    return static_cast<std::size_t>(got);
}

std::size_t send_some(int fd, std::span<const char> bytes)
{
    const auto sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
        throw std::system_error(errno, std::generic_category(), "send");
    return static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
}

}
