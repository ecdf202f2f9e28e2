// SPDX-License-Identifier: MIT
#include "bench/servers/loopback.hpp"
#include "bench/workloads/ready.hpp"
#include "bench/workloads/workload.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {
namespace {

constexpr std::size_t mebibyte = 1'048'576;

/// How much may be under way on a connection: else the figures would tell how much the sockets'
/// buffers had grown, and whether that fits the processor's cache.
constexpr std::size_t window = mebibyte;

/// Sends as fast as it goes and takes back what was sent. What comes is looked at in places, enough
/// to find bytes that were lost or changed places: to look at all would make the load the slower.
class Stream final : public Load {
public:
    Stream(std::uint16_t port, unsigned connections) : connections_(connections)
    {
        for (auto& connection : connections_) {
            connection.fd = connect_to_loopback(port);
            set_non_blocking(connection.fd.get());
            ready_.watch(connection.fd.get(), EPOLLIN, &connection);
        }
        for (std::size_t i = 0; i < pattern_.size(); ++i)
            pattern_[i] = static_cast<char>(i * i / 251 + i);
    }

    unsigned at_once() const override { return static_cast<unsigned>(connections_.size()); }

    Traffic drive(Limit limit) override
    {
        Budget budget(limit);
        std::uint64_t received = 0;
        for (auto& connection : connections_)
            if (budget.spend(Clock::now()))
                begin(connection);
        while (received < budget.begun() * mebibyte)
            for (const auto& event : ready_.wait()) {
                auto& connection = *static_cast<Connection*>(event.data.ptr);
                if (event.events & ~static_cast<unsigned>(EPOLLOUT))
                    received += receive(connection);
                if (event.events & EPOLLOUT)
                    send(connection, budget);
                watch(connection);
            }
        Traffic traffic;
        traffic.units = budget.begun();
        traffic.elapsed = budget.elapsed();
        return traffic;
    }

private:
    struct Connection {
        OwnedFd fd;
        std::uint64_t sent = 0, received = 0;
        std::uint64_t end = 0;  ///< of what may be sent
        bool sends = false;     ///< is watched for room

        /// How much it may send now.
        std::size_t allowed() const { return std::min(end, received + window) - sent; }
    };

    void begin(Connection& connection)
    {
        connection.end += mebibyte;
        watch(connection);
    }

    void watch(Connection& connection)
    {
        const bool sends = connection.allowed() > 0;
        if (sends != connection.sends)
            ready_.change(connection.fd.get(), sends ? EPOLLIN | EPOLLOUT : EPOLLIN, &connection);
        connection.sends = sends;
    }

    /// Sends a piece; at the end of a MiB the next may begin.
    void send(Connection& connection, Budget& budget)
    {
        const auto from = connection.sent % pattern_.size();
        const auto size = std::min(connection.allowed(), pattern_.size() - from);
        connection.sent += send_some(connection.fd.get(), std::span(pattern_).subspan(from, size));
        if (connection.sent == connection.end && budget.spend(Clock::now()))
            connection.end += mebibyte;
    }

    std::size_t receive(Connection& connection)
    {
        const auto count = receive_some(connection.fd.get(), buffer_);
        if (count == 0)
            return 0;
        const auto expected = [&](std::size_t place) {
            return pattern_[(connection.received + place) % pattern_.size()];
        };
        for (const std::size_t place : {std::size_t{0}, count / 3, count / 2, count - 1})
            if (buffer_[place] != expected(place))
                throw std::runtime_error("the server has sent back something else");
        connection.received += count;
        if (connection.received > connection.sent)
            throw std::runtime_error("the server has sent back more than it got");
        return count;
    }

    std::vector<Connection> connections_;
    Ready ready_;
    std::string pattern_ = std::string(65'536, '\0');
    std::vector<char> buffer_ = std::vector<char>(65'536);
};

}

Workload stream_workload()
{
    return {
        .name = "stream",
        .title = "Stream",
        .what = "as much as goes through, there and back, with 1 MiB under way on each connection",
        .service = Service::stream,
        .unit = {"MiB", "MiB"},
        .size = {"connection", "connections"},
        .sizes = {1, 4},
        .least_units = 4,
        .connect = [](std::uint16_t port,
                      unsigned size) { return std::make_unique<Stream>(port, size); },
    };
}

}
