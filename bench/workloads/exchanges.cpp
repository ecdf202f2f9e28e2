// SPDX-License-Identifier: MIT
#include "bench/workloads/exchanges.hpp"

#include "bench/servers/loopback.hpp"

#include <array>
#include <cstring>
#include <span>
#include <stdexcept>

namespace bench {

Traffic Exchanges::drive(Limit limit, unsigned active)
{
    Traffic traffic;
    Budget budget(limit);
    for (auto& connection : std::span(connections_).first(active))
        if (const auto now = Clock::now(); budget.spend(now))
            send(connection, now);
    while (traffic.units < budget.begun())
        for (const auto& event : ready_.wait()) {
            auto& connection = *static_cast<Connection*>(event.data.ptr);
            if (!receive(connection))
                continue;
            const auto now = Clock::now();
            traffic.latency.record(static_cast<std::uint64_t>((now - connection.sent_at).count()));
            ++traffic.units;
            if (budget.spend(now))
                send(connection, now);
        }
    traffic.elapsed = budget.elapsed();
    return traffic;
}

void Exchanges::send(Connection& connection, Clock::time_point now)
{
    connection.sent_at = now;
    connection.received = 0;
    const auto& request = connection.exchange.request;
    if (send_some(connection.fd.get(), request) != request.size())
        throw std::runtime_error("the server does not take a whole request");
}

/// Takes what has come; true when the reply is complete, which it must be to the letter.
bool Exchanges::receive(Connection& connection)
{
    std::array<char, 1024> buffer;
    const auto& reply = connection.exchange.reply;
    const auto due = std::min(buffer.size(), reply.size() - connection.received);
    // Where nothing is due, what has come is the end of the connection, or too much.
    const auto count = receive_some(connection.fd.get(), {buffer.data(), due ? due : 1});
    if (count > due || std::memcmp(buffer.data(), reply.data() + connection.received, count) != 0)
        throw std::runtime_error("the server has sent back something else");
    connection.received += count;
    return count > 0 && connection.received == reply.size();
}

Exchanges::Exchanges(std::uint16_t port, std::vector<Exchange> exchanges, unsigned active)
    : connections_(exchanges.size()), active_(active)
{
    for (std::size_t i = 0; i < exchanges.size(); ++i) {
        auto& connection = connections_[i];
        connection.exchange = std::move(exchanges[i]);
        connection.fd = connect_to_loopback(port);
        set_non_blocking(connection.fd.get());
        ready_.watch(connection.fd.get(), EPOLLIN, &connection);
    }
    const auto all = static_cast<unsigned>(connections_.size());
    // At the first the server may not have had to wait; at the second it has.
    for (int times = 0; active < all && times < 2; ++times)
        drive({std::chrono::hours(1), all}, all);
}

Exchange echo_exchange(unsigned number)
{
    std::string message = "connection " + std::to_string(number);
    message.resize(64, '.');
    return {message, message};
}

std::vector<Exchange> echo_exchanges(unsigned count)
{
    std::vector<Exchange> exchanges;
    for (unsigned number = 0; number < count; ++number)
        exchanges.push_back(echo_exchange(number));
    return exchanges;
}

}
