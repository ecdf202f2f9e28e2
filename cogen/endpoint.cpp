// SPDX-License-Identifier: MIT
#include "cogen/endpoint.hpp"

#include "cogen/error.hpp"

#include <charconv>
#include <cstddef>
#include <cstring>

#include <arpa/inet.h>
#include <net/if.h>

namespace cogen {
namespace {

constexpr std::string_view unix_prefix = "unix:";

[[noreturn]] void refuse(std::string_view text, const std::string& why)
{
    throw_error(system_error_code(EINVAL), "Endpoint(\"" + std::string(text) + "\"): " + why);
}

/// The BSDs keep the length in the address as well, where their calls fill it in.
template <class Storage>
void tell_length(Storage& storage, socklen_t size)
{
    if constexpr (requires { storage.ss_len; })
        storage.ss_len = static_cast<decltype(storage.ss_len)>(size);
}

#ifdef __linux__
constexpr bool has_abstract_names = true;
#else
constexpr bool has_abstract_names = false;
#endif

bool fill_v4(sockaddr_storage& storage, const std::string& address, std::uint16_t port)
{
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return ::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1;
}

/// An interface by name or number; 0: it is neither.
std::uint32_t scope_named(const std::string& name)
{
    if (const unsigned index = ::if_nametoindex(name.c_str()))
        return index;
    std::uint32_t index = 0;
    const char* const end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data(), end, index);
    return parsed.ec == std::errc() && parsed.ptr == end ? index : 0;
}

/// The number of an interface that has gone is all that is left of its name.
std::string name_of_scope(std::uint32_t scope)
{
    char name[IF_NAMESIZE];
    return ::if_indextoname(scope, name) ? name : std::to_string(scope);
}

bool fill_v6(sockaddr_storage& storage, const std::string& address, std::uint16_t port)
{
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    const std::size_t percent = address.find('%');
    if (percent != std::string::npos) {
        v6.sin6_scope_id = scope_named(address.substr(percent + 1));
        if (v6.sin6_scope_id == 0)
            return false;
    }
    return ::inet_pton(AF_INET6, address.substr(0, percent).c_str(), &v6.sin6_addr) == 1;
}

}

Endpoint::Endpoint(std::string_view address, std::uint16_t port)
{
    // The system's functions would stop there, and take the rest for nothing.
    if (address.find('\0') != std::string_view::npos)
        refuse(address, "no address has a NUL in it");
    const std::string text(address);
    if (fill_v4(storage_, text, port)) {
        size_ = sizeof(sockaddr_in);
        tell_length(storage_, size_);
        return;
    }
    storage_ = {};
    if (!fill_v6(storage_, text, port))
        refuse(address, "no numeric IPv4 or IPv6 address");
    size_ = sizeof(sockaddr_in6);
    tell_length(storage_, size_);
}

Endpoint Endpoint::unix_path(std::string_view path)
{
    Endpoint endpoint;
    auto& address = reinterpret_cast<sockaddr_un&>(endpoint.storage_);
    if (path.empty() || path.size() >= sizeof address.sun_path)
        refuse(path, "the path of a Unix socket has 1 to "
                         + std::to_string(sizeof address.sun_path - 1) + " characters");
    if (path.find('\0') != std::string_view::npos)
        refuse(path, "the path of a Unix socket has no NUL in it");
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const bool abstract = path.front() == '@';
    if (abstract && !has_abstract_names)
        refuse(path, "this system has no abstract names");
    if (abstract)
        address.sun_path[0] = '\0';
    endpoint.size_ =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (abstract ? 0 : 1));
    tell_length(endpoint.storage_, endpoint.size_);
    return endpoint;
}

Endpoint Endpoint::parse(std::string_view text)
{
    if (text.starts_with(unix_prefix))
        return unix_path(text.substr(unix_prefix.size()));

    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        refuse(text, "a port is missing, as in 127.0.0.1:80");
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        refuse(text, "no port from 0 to 65535");

    std::string_view address = text.substr(0, colon);
    const bool bracketed = address.size() >= 2 && address.front() == '[' && address.back() == ']';
    if (bracketed)
        address = address.substr(1, address.size() - 2);
    if (!bracketed && address.find(':') != std::string_view::npos)
        refuse(text, "an IPv6 address with a port is written in brackets, as in [::1]:80");
    const Endpoint endpoint(address, port);
    if (bracketed && endpoint.family() != AF_INET6)
        refuse(text, "brackets are for IPv6 addresses");
    return endpoint;
}

std::uint16_t Endpoint::port() const
{
    switch (family()) {
    case AF_INET:
        return ntohs(reinterpret_cast<const sockaddr_in&>(storage_).sin_port);
    case AF_INET6:
        return ntohs(reinterpret_cast<const sockaddr_in6&>(storage_).sin6_port);
    default:
        return 0;
    }
}

bool operator==(const Endpoint& a, const Endpoint& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_string(const Endpoint& endpoint)
{
    char text[INET6_ADDRSTRLEN];
    if (endpoint.family() == AF_INET) {
        const auto& v4 = *reinterpret_cast<const sockaddr_in*>(endpoint.data());
        ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        return text + (':' + std::to_string(endpoint.port()));
    }
    if (endpoint.family() == AF_INET6) {
        const auto& v6 = *reinterpret_cast<const sockaddr_in6*>(endpoint.data());
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
        const std::string scope = v6.sin6_scope_id ? '%' + name_of_scope(v6.sin6_scope_id) : "";
        return '[' + std::string(text) + scope + "]:" + std::to_string(endpoint.port());
    }
    if (endpoint.is_unix()) {
        const auto& address = *reinterpret_cast<const sockaddr_un*>(endpoint.data());
        const std::size_t start = offsetof(sockaddr_un, sun_path);
        std::string path(address.sun_path, endpoint.size() > start ? endpoint.size() - start : 0);
        if (!path.empty() && path.front() == '\0')
            path.front() = '@';
        else
            path = path.c_str();
        return std::string(unix_prefix) + path;
    }
    return "no endpoint";
}

}
