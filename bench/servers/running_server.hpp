// SPDX-License-Identifier: MIT
#pragma once

#include "bench/child.hpp"
#include "bench/owned_fd.hpp"
#include "bench/servers/servers.hpp"

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

/// A server has given up, and has said why: what it was asked for is beyond it.
struct GaveUp : std::runtime_error {
    GaveUp(const std::string& server, std::string reason)
        : std::runtime_error("the server " + server + " has given up: " + reason),
          why(std::move(reason))
    {}

    std::string why;
};

/// A server in a process of its own, up and listening, until this object goes.
class RunningServer {
public:
    RunningServer(const Server& server, Service service, std::optional<int> processor);

    Ports ports() const { return ports_; }

    /// Throws what has become of the server, after the load has met with `problem`: GaveUp with its
    /// reason where it has named one, else the problem, with the server's name before it and how
    /// the server ended behind it.
    [[noreturn]] void explain(const std::exception& problem);

private:
    void serve(const Server& server, Service service);
    void heed(const std::string& line) const;

    std::string name_;
    Pipe words_;  // the server's to us: where it listens, and why it has given up
    Child child_;
    Ports ports_;
};

/// The line in which a server says where it listens: "port 40123 control 40124". Reading it undoes
/// it.
std::string to_line(Ports ports);
Ports ports_from_line(const std::string& line);

}
