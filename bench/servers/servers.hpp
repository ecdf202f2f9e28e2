// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Where a server can be reached on 127.0.0.1.
struct Ports {
    std::uint16_t service = 0;
    std::uint16_t control = 0;
};

/// What kind of thing is compared: the floor is what the others are measured against, a peer is one
/// more that is none of cogen's, and a reactor is.
enum class Kind { floor, peer, reactor };

std::string_view name_of(Kind kind);

/// What a server does with each connection.
enum class Service {
    echo,      ///< sends back each message; the messages are short, and one is under way at a time
    stream,    ///< sends back whatever comes, of any length, up to stream_buffer at once
    exchange,  ///< sends back one message, then closes
    http,      ///< answers requests, see http.hpp
};

inline constexpr std::size_t stream_buffer = 65'536;

using Announce = std::function<void(Ports)>;

/// One server. It answers each byte on its control port with its counters.
struct Server {
    std::string name;
    Kind kind;
    std::string why_not;  ///< why it cannot run here; empty where it can

    /// Listens, says where, and serves until the process is killed. Throws where it cannot go on.
    std::function<void(Service, const Announce&)> serve;

    /// The services that it does not offer, each with the reason.
    std::map<Service, std::string> without = {};
};

/// Every server this program knows, the floor first, those that cannot run here included.
std::vector<Server> all_servers();

/// The pieces that all_servers() is made of, each in the file of its name.
Server floor_server();
Server libevent_server();
std::vector<Server> cogen_servers();

/// It needs the same of the system as the reactor io_uring, which says why it cannot have it.
Server ring_server(const std::string& why_not);

/// cogen's server on one reactor; without `counting`, its system calls are not counted, so that a
/// profile shows what a user's server would spend.
Server cogen_server(const std::string& reactor, bool counting);

}
