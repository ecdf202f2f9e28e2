// SPDX-License-Identifier: MIT
#include "bench/servers/servers.hpp"

#if __has_include(<sys/epoll.h>)

#include "bench/servers/floor.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

void Floor::serve()
{
    std::array<epoll_event, 512> events;
    for (;;) {
        const int ready = epoll_wait(epoll_.get(), events.data(), events.size(), -1);
        ++waits_;
        for (int i = 0; i < ready; ++i)
            dispatch(events[static_cast<std::size_t>(i)].data.fd);
    }
}

void Floor::dispatch(int fd)
{
    if (fd == listener_.get())
        accept_from(fd);
    else if (fd == control_listener_.get())
        control_ = accept_from(fd);
    else if (fd == control_)
        answer_control(fd);
    else
        attend(fd);
}

ssize_t Floor::receive(int fd, std::span<char> buffer)
{
    ++recvs_;
    return recv(fd, buffer.data(), buffer.size(), 0);
}

ssize_t Floor::send(int fd, std::string_view bytes)
{
    ++sends_;
    return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void Floor::finish(int fd)
{
    ++closes_;
    close(fd);
}

void Floor::wait_for(int fd, std::uint32_t events)
{
    ++controls_;
    epoll_event event = {};
    event.events = events;
    event.data.fd = fd;
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

int Floor::accept_from(int listener)
{
    const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    ++accepts_;
    if (fd >= 0)
        watch(fd);
    return fd;
}

void Floor::watch(int fd)
{
    ++controls_;
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void Floor::answer_control(int fd)
{
    char byte = 0;
    if (recv(fd, &byte, 1, 0) <= 0) {
        close(fd);
        control_ = -1;
        return;
    }
    Counters counters = own_time();
    counters.calls = {{"epoll_wait", waits_}, {"epoll_ctl", controls_}, {"accept", accepts_},
                      {"recv", recvs_},       {"send", sends_},         {"close", closes_}};
    const auto line = to_line(counters);
    ::send(fd, line.data(), line.size(), MSG_NOSIGNAL);
}

Floor::Floor() : epoll_(epoll_create1(EPOLL_CLOEXEC))
{
    watch(listener_.get());
    watch(control_listener_.get());
}

Server floor_server()
{
    return {"floor", Kind::floor, "", [](Service service, const Announce& announce) {
                const auto floor = make_floor(service);
                announce(floor->ports());
                floor->serve();
            }};
}

}

#else

namespace bench {

Server floor_server()
{
    return {"floor", Kind::floor, "it is written for epoll, which this system has not", {}};
}

}

#endif
