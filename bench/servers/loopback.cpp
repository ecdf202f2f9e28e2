// SPDX-License-Identifier: MIT
#include "bench/servers/loopback.hpp"

#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace bench {
namespace {

int checked(int answer, const char* call)
{
    if (answer < 0)
        throw std::system_error(errno, std::generic_category(), call);
    return answer;
}

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}

OwnedFd listen_on_loopback()
{
    OwnedFd listener(checked(socket(AF_INET, SOCK_STREAM, 0), "socket"));
    const auto address = loopback(0);
    checked(bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            "bind");
    checked(listen(listener.get(), SOMAXCONN), "listen");
    return listener;
}

std::uint16_t port_of(int fd)
{
    sockaddr_in address = {};
    socklen_t size = sizeof address;
    checked(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    return ntohs(address.sin_port);
}

OwnedFd connect_to_loopback(std::uint16_t port)
{
    OwnedFd fd(checked(socket(AF_INET, SOCK_STREAM, 0), "socket"));
    const auto address = loopback(port);
    checked(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            "connect");
    return fd;
}

void set_non_blocking(int fd)
{
    checked(fcntl(fd, F_SETFL, checked(fcntl(fd, F_GETFL), "fcntl") | O_NONBLOCK), "fcntl");
}

}
