// SPDX-License-Identifier: MIT
#include "bench/echo/running_server.hpp"

#include "bench/interrupt.hpp"

#include <sstream>
#include <stdexcept>

namespace bench {

RunningServer::RunningServer(const EchoServer& server, std::optional<int> processor)
    : server_(server),
      child_(
          [this] {
              server_.serve(
                  [this](Ports ports) { write_all(announcement_.writer.get(), to_line(ports)); });
          },
          processor)
{
    announcement_.writer = OwnedFd();  // so that we see the end if the server dies before it speaks
    try {
        ports_ = ports_from_line(read_line(announcement_.reader.get()));
    } catch (const std::exception& problem) {
        explain(problem);
    }
}

void RunningServer::explain(const std::exception& problem)
{
    stop_if_interrupted();
    std::string what = "the server " + server_.name + ": " + problem.what();
    if (const auto end = child_.ended())
        what += " (it " + *end + ")";
    throw std::runtime_error(what);
}

std::string to_line(Ports ports)
{
    return "port " + std::to_string(ports.echo) + " control " + std::to_string(ports.control)
           + "\n";
}

Ports ports_from_line(const std::string& line)
{
    std::istringstream words(line);
    std::string name;
    Ports ports;
    words >> name >> ports.echo >> name >> ports.control;
    return ports;
}

}
