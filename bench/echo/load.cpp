// SPDX-License-Identifier: MIT
#include "bench/echo/load.hpp"

#include "bench/interrupt.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace bench {

double Traffic::per_second() const
{
    return static_cast<double>(requests) / std::chrono::duration<double>(elapsed).count();
}

Traffic Load::drive(Limit limit)
{
    Traffic traffic;
    const auto start = Clock::now();
    std::uint64_t sent = 0;
    const auto may_send = [&](Clock::time_point now) {
        return now - start < limit.time && sent < limit.requests;
    };
    for (auto& connection : connections_)
        if (const auto now = Clock::now(); may_send(now)) {
            send(connection, now);
            ++sent;
        }

    std::array<epoll_event, 512> events;
    while (traffic.requests < sent) {
        stop_if_interrupted();
        const int ready = epoll_wait(epoll_.get(), events.data(), events.size(),
                                     static_cast<int>(patience / std::chrono::milliseconds(1)));
        if (ready == 0)
            throw std::runtime_error("the server owes a reply for ten seconds");
        for (int i = 0; i < ready; ++i) {
            auto& connection =
                *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (!receive(connection))
                continue;
            const auto now = Clock::now();
            traffic.latency.record(static_cast<std::uint64_t>((now - connection.sent_at).count()));
            ++traffic.requests;
            if (may_send(now)) {
                send(connection, now);
                ++sent;
            }
        }
    }
    traffic.elapsed = Clock::now() - start;
    return traffic;
}

void Load::send(Connection& connection, Clock::time_point now)
{
    connection.sent_at = now;
    connection.received = 0;
    const auto& message = connection.message;
    if (::send(connection.fd.get(), message.data(), message.size(), MSG_NOSIGNAL)
        != static_cast<ssize_t>(message.size()))
        throw std::system_error(errno, std::generic_category(), "send");
}

/// Takes what has come; true when the reply is complete, which it must be to the letter.
bool Load::receive(Connection& connection)
{
    std::array<char, message_size> reply;
    const auto got = recv(connection.fd.get(), reply.data(), message_size - connection.received, 0);
    if (got < 0 && errno == EAGAIN)
        return false;
    if (got <= 0)
        throw std::runtime_error("the server has closed a connection");
    const auto size = static_cast<std::size_t>(got);
    if (std::memcmp(reply.data(), connection.message.data() + connection.received, size) != 0)
        throw std::runtime_error("the server has sent back something else");
    connection.received += size;
    return connection.received == message_size;
}

Load::Load(std::uint16_t port, unsigned connections)
    : connections_(connections), epoll_(epoll_create1(EPOLL_CLOEXEC))
{
    unsigned number = 0;
    for (auto& connection : connections_) {
        connection.message.fill('.');
        std::snprintf(connection.message.data(), message_size, "connection %u", number++);
        connection.fd = connect_to_loopback(port);
        set_non_blocking(connection.fd.get());
        epoll_event event = {};
        event.events = EPOLLIN;
        event.data.ptr = &connection;
        if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.fd.get(), &event) < 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

}
