// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace cogen {

/// Where a socket listens or connects to: an IPv4 or IPv6 address with a port, or the path of a
/// Unix socket.
class Endpoint {
public:
    Endpoint() = default;  ///< none

    /// A numeric address, "127.0.0.1" or "::1", with "%eth0" or "%2" behind it where it needs a
    /// scope. Throws a system_error for what is none. For names there is Resolve.
    Endpoint(std::string_view address, std::uint16_t port);

    /// "127.0.0.1:80", "[::1]:80", "unix:/run/socket", or "unix:@name", which only Linux has.
    /// Throws a system_error for anything else.
    static Endpoint parse(std::string_view text);

    /// A path in the file system, or "@name" for an abstract one. Throws a system_error where it is
    /// too long.
    static Endpoint unix_path(std::string_view path);

    /// As the system has filled it in.
    Endpoint(const sockaddr_storage& address, socklen_t size) : storage_(address), size_(size) {}

    int family() const { return storage_.ss_family; }
    bool is_unix() const { return family() == AF_UNIX; }

    /// 0 where there is none.
    std::uint16_t port() const;

    const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    socklen_t size() const { return size_; }

private:
    sockaddr_storage storage_{};
    socklen_t size_ = 0;
};

bool operator==(const Endpoint& a, const Endpoint& b);

/// As parse() reads it.
std::string to_string(const Endpoint& endpoint);

}
