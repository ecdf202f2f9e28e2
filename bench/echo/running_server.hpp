// SPDX-License-Identifier: MIT
#pragma once

#include "bench/child.hpp"
#include "bench/echo/servers.hpp"
#include "bench/owned_fd.hpp"

#include <exception>
#include <optional>

namespace bench {

/// A server in a process of its own, up and listening, until this object goes.
class RunningServer {
public:
    RunningServer(const EchoServer& server, std::optional<int> processor);

    const EchoServer& server() const { return server_; }
    Ports ports() const { return ports_; }

    /// Throws `problem` anew, with the server's name before it and how the server ended behind it.
    [[noreturn]] void explain(const std::exception& problem);

private:
    EchoServer server_;
    Pipe announcement_;
    Child child_;
    Ports ports_;
};

/// The line in which a server says where it listens: "port 40123 control 40124". Reading it undoes
/// it.
std::string to_line(Ports ports);
Ports ports_from_line(const std::string& line);

}
