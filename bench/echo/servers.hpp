// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Where a server can be reached on 127.0.0.1.
struct Ports {
    std::uint16_t echo = 0;
    std::uint16_t control = 0;
};

/// What kind of thing is compared: the floor is what the others are measured against, a peer shows
/// that the floor is not slow, and a reactor is cogen's.
enum class Kind { floor, peer, reactor };

std::string_view name_of(Kind kind);

/// One server of the echo workload: it sends back what it receives, and answers each byte on its
/// control port with its counters.
struct EchoServer {
    std::string name;
    Kind kind;
    std::string why_not;  ///< why it cannot run here; empty where it can

    /// Listens, says where, and serves until the process is killed.
    std::function<void(const std::function<void(Ports)>& announce)> serve;
};

/// Every server this program knows, the floor first, those that cannot run here included.
std::vector<EchoServer> echo_servers();

/// The pieces that echo_servers() is made of, each in the file of its name.
EchoServer floor_server();
EchoServer libevent_server();
std::vector<EchoServer> cogen_servers();

/// cogen's server on one reactor; without `counting`, its system calls are not counted, so that a
/// profile shows what a user's server would spend.
EchoServer cogen_server(const std::string& reactor, bool counting);

}
