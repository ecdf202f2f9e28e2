// SPDX-License-Identifier: MIT
//
// The floor: the least an epoll server can do. One loop, level-triggered, every descriptor
// registered once and for all, one recv and one send a request, one buffer for all connections. No
// coroutines, no timers, no errors but the end of a connection: what the others spend beyond this
// is their price.
#include "bench/echo/servers.hpp"

#if __has_include(<sys/epoll.h>)

#include "bench/echo/counters.hpp"
#include "bench/echo/loopback.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

class FloorServer {
public:
    Ports ports() const
    {
        return {port_of(echo_listener_.get()), port_of(control_listener_.get())};
    }

    [[noreturn]] void serve()
    {
        watch(echo_listener_.get());
        watch(control_listener_.get());
        std::array<epoll_event, 512> events;
        for (;;) {
            const int ready = epoll_wait(epoll_.get(), events.data(), events.size(), -1);
            ++waits_;
            for (int i = 0; i < ready; ++i)
                attend(events[static_cast<std::size_t>(i)].data.fd);
        }
    }

private:
    void attend(int fd)
    {
        if (fd == echo_listener_.get())
            accept_from(fd);
        else if (fd == control_listener_.get())
            control_ = accept_from(fd);
        else if (fd == control_)
            answer_control(fd);
        else
            echo(fd);
    }

    void echo(int fd)
    {
        const auto received = recv(fd, buffer_.data(), buffer_.size(), 0);
        ++recvs_;
        if (received <= 0) {
            close(fd);
            return;
        }
        // A peer that does not read loses bytes here. The load has one short message under way on
        // each connection, so the socket's buffer never fills.
        send(fd, buffer_.data(), static_cast<std::size_t>(received), MSG_NOSIGNAL);
        ++sends_;
    }

    int accept_from(int listener)
    {
        const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (fd >= 0)
            watch(fd);
        return fd;
    }

    void watch(int fd)
    {
        epoll_event event = {};
        event.events = EPOLLIN;
        event.data.fd = fd;
        if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) < 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }

    void answer_control(int fd)
    {
        char byte = 0;
        if (recv(fd, &byte, 1, 0) <= 0) {
            close(fd);
            control_ = -1;
            return;
        }
        const auto line = to_line(
            {own_cpu_nanoseconds(), {{"epoll_wait", waits_}, {"recv", recvs_}, {"send", sends_}}});
        send(fd, line.data(), line.size(), MSG_NOSIGNAL);
    }

    OwnedFd echo_listener_ = listen_on_loopback();
    OwnedFd control_listener_ = listen_on_loopback();
    OwnedFd epoll_{epoll_create1(EPOLL_CLOEXEC)};
    int control_ = -1;
    std::array<char, 4096> buffer_;
    std::uint64_t waits_ = 0, recvs_ = 0, sends_ = 0;
};

}

EchoServer floor_server()
{
    return {"floor", Kind::floor, "", [](const auto& announce) {
                FloorServer server;
                announce(server.ports());
                server.serve();
            }};
}
}

#else

namespace bench {

EchoServer floor_server()
{
    return {"floor", Kind::floor, "it is written for epoll, which this system has not", {}};
}
}

#endif
