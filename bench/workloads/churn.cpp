// SPDX-License-Identifier: MIT
#include "bench/servers/loopback.hpp"
#include "bench/workloads/exchanges.hpp"
#include "bench/workloads/workload.hpp"

#include <cerrno>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <sys/socket.h>

namespace bench {
namespace {

/// Connects, has one message sent back, waits until the server closes, and begins anew.
class Churn final : public Load {
public:
    Churn(std::uint16_t port, unsigned at_once) : port_(port), visits_(at_once) {}

    unsigned at_once() const override { return static_cast<unsigned>(visits_.size()); }

    Traffic drive(Limit limit) override
    {
        Traffic traffic;
        Budget budget(limit);
        for (auto& visit : visits_)
            if (const auto now = Clock::now(); budget.spend(now))
                begin(visit, now);
        while (traffic.units < budget.begun())
            for (const auto& event : ready_.wait()) {
                auto& visit = *static_cast<Visit*>(event.data.ptr);
                if (!over(visit))
                    continue;
                visit.fd = OwnedFd();
                const auto now = Clock::now();
                traffic.latency.record(static_cast<std::uint64_t>((now - visit.begun_at).count()));
                ++traffic.units;
                if (budget.spend(now))
                    begin(visit, now);
            }
        traffic.elapsed = budget.elapsed();
        return traffic;
    }

private:
    struct Visit {
        OwnedFd fd;
        std::string received;
        Clock::time_point begun_at;
    };

    void begin(Visit& visit, Clock::time_point now)
    {
        visit.begun_at = now;
        visit.received.clear();
        visit.fd = connect_to_loopback(port_);
        set_non_blocking(visit.fd.get());
        // We close last, by a reset: else each of the server's ends would wait for a minute, and
        // after some seconds there would be no port left to connect from.
        const linger at_once = {1, 0};
        setsockopt(visit.fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ready_.watch(visit.fd.get(), EPOLLIN, &visit);
        if (send_some(visit.fd.get(), exchange_.request) != exchange_.request.size())
            throw std::runtime_error("the server does not take a whole message");
    }

    /// Takes what has come; true when the server has closed, which it must do behind the reply.
    bool over(Visit& visit)
    {
        std::array<char, 128> buffer;
        ssize_t count = 0;
        while ((count = recv(visit.fd.get(), buffer.data(), buffer.size(), 0)) > 0)
            visit.received.append(buffer.data(), static_cast<std::size_t>(count));
        if (count < 0 && errno == EAGAIN)
            return false;
        if (count < 0)
            throw std::system_error(errno, std::generic_category(), "recv");
        if (visit.received != exchange_.reply)
            throw std::runtime_error("the server has not sent back what it got");
        return true;
    }

    std::uint16_t port_;
    std::vector<Visit> visits_;
    Exchange exchange_ = echo_exchange(0);
    Ready ready_;
};

}

Workload churn_workload()
{
    return {
        .name = "churn",
        .title = "Churn",
        .what = "a connection is accepted, sends back 64 bytes and is closed by the server, over "
                "and over",
        .service = Service::exchange,
        .unit = {"connection", "connections"},
        .size = {"connection at once", "connections at once"},
        .sizes = {1, 16},
        .connect = [](std::uint16_t port,
                      unsigned size) { return std::make_unique<Churn>(port, size); },
    };
}

}
