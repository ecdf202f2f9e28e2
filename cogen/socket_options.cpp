// SPDX-License-Identifier: MIT
#include "cogen/socket_options.hpp"

#include "cogen/error.hpp"
#include "reactors/kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <netinet/in.h>
#include <netinet/tcp.h>

namespace cogen {
namespace {

#ifdef TCP_KEEPIDLE
constexpr int keepalive_after = TCP_KEEPIDLE;
#else
constexpr int keepalive_after = TCP_KEEPALIVE;
#endif

template <class Number>
int as_int(Number number)
{
    return static_cast<int>(std::min<Number>(number, INT_MAX));
}

}

void SocketOptions::check(int answer, const char* call, const char* word) const
{
    if (answer < 0)
        throw_error(system_error_code(-answer),
                    std::string(call) + '(' + to_string(descriptor_) + ", " + word + ')');
}

int SocketOptions::get(int level, int name, const char* word) const
{
    int value = 0;
    check(kernel_.getsockopt(descriptor_, level, name, value), "getsockopt", word);
    return value;
}

SocketOptions& SocketOptions::set(int level, int name, const char* word, int value)
{
    check(kernel_.setsockopt(descriptor_, level, name, value), "setsockopt", word);
    return *this;
}

bool SocketOptions::nodelay() const { return get(IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY") != 0; }

SocketOptions& SocketOptions::nodelay(bool on)
{
    return set(IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY", on);
}

bool SocketOptions::reuse_address() const
{
    return get(SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR") != 0;
}

SocketOptions& SocketOptions::reuse_address(bool on)
{
    return set(SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR", on);
}

bool SocketOptions::reuse_port() const
{
    return get(SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT") != 0;
}

SocketOptions& SocketOptions::reuse_port(bool on)
{
    return set(SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT", on);
}

bool SocketOptions::keepalive() const { return get(SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE") != 0; }

SocketOptions& SocketOptions::keepalive(bool on)
{
    return set(SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE", on);
}

SocketOptions& SocketOptions::keepalive(std::chrono::seconds after, std::chrono::seconds interval,
                                        int times)
{
    return set(IPPROTO_TCP, keepalive_after, "TCP_KEEPIDLE", as_int(after.count()))
        .set(IPPROTO_TCP, TCP_KEEPINTVL, "TCP_KEEPINTVL", as_int(interval.count()))
        .set(IPPROTO_TCP, TCP_KEEPCNT, "TCP_KEEPCNT", times)
        .keepalive(true);
}

std::optional<std::chrono::seconds> SocketOptions::linger() const
{
    struct linger value {};
    socklen_t size = sizeof value;
    check(kernel_.getsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &value, size), "getsockopt",
          "SO_LINGER");
    if (value.l_onoff == 0)
        return std::nullopt;
    return std::chrono::seconds(value.l_linger);
}

SocketOptions& SocketOptions::linger(std::optional<std::chrono::seconds> time)
{
    if (time && time->count() < 0)  // Linux makes a century of it
        check(-EINVAL, "setsockopt", "SO_LINGER");
    struct linger value {};
    value.l_onoff = time.has_value();
    value.l_linger = time ? as_int(time->count()) : 0;
    check(kernel_.setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &value, sizeof value),
          "setsockopt", "SO_LINGER");
    return *this;
}

std::size_t SocketOptions::receive_buffer() const
{
    return static_cast<std::size_t>(get(SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF"));
}

SocketOptions& SocketOptions::receive_buffer(std::size_t bytes)
{
    return set(SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF", as_int(bytes));
}

std::size_t SocketOptions::send_buffer() const
{
    return static_cast<std::size_t>(get(SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF"));
}

SocketOptions& SocketOptions::send_buffer(std::size_t bytes)
{
    return set(SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF", as_int(bytes));
}

}
