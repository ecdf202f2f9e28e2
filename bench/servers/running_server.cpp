// SPDX-License-Identifier: MIT
#include "bench/servers/running_server.hpp"

#include "bench/interrupt.hpp"

#include <sstream>

namespace bench {
namespace {

constexpr std::string_view gave_up = "gave up: ";

}

RunningServer::RunningServer(const Server& server, Service service, std::optional<int> processor)
    : name_(server.name), child_([&] { serve(server, service); }, processor)
{
    words_.writer = OwnedFd();  // so that we see the end if the server dies before it speaks
    try {
        const auto line = read_line(words_.reader.get());
        heed(line);
        ports_ = ports_from_line(line);
    } catch (const GaveUp&) {
        throw;
    } catch (const std::exception& problem) {
        explain(problem);
    }
}

/// In the child.
void RunningServer::serve(const Server& server, Service service)
{
    const auto say = [this](const std::string& line) { write_all(words_.writer.get(), line); };
    try {
        server.serve(service, [&](Ports ports) { say(to_line(ports)); });
    } catch (const std::exception& problem) {
        std::string why = problem.what();
        say(std::string(gave_up) + why.substr(0, why.find('\n')) + '\n');
    }
}

/// Throws GaveUp where that is what the server says.
void RunningServer::heed(const std::string& line) const
{
    if (line.starts_with(gave_up))
        throw GaveUp(name_, line.substr(gave_up.size()));
}

void RunningServer::explain(const std::exception& problem)
{
    stop_if_interrupted();
    try {
        heed(read_line(words_.reader.get(), std::chrono::milliseconds(200)));
    } catch (const GaveUp&) {
        throw;
    } catch (const std::exception&) {
        // It has said nothing: then the problem itself must do.
    }
    std::string what = "the server " + name_ + ": " + problem.what();
    if (const auto end = child_.ended())
        what += " (it " + *end + ")";
    throw std::runtime_error(what);
}

std::string to_line(Ports ports)
{
    return "port " + std::to_string(ports.service) + " control " + std::to_string(ports.control)
           + "\n";
}

Ports ports_from_line(const std::string& line)
{
    std::istringstream words(line);
    std::string name;
    Ports ports;
    words >> name >> ports.service >> name >> ports.control;
    if (!words || !line.starts_with("port "))
        throw std::runtime_error("it does not say where it listens, but: " + line);
    return ports;
}

}
