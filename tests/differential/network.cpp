#include "tests/differential/network.hpp"

#include "tests/support/sockets.hpp"

#include <algorithm>

using namespace cogen;

namespace differential {
namespace {

bool is_tcp(const Stream& stream)
{
    return stream.kind == Stream::Kind::tcp_pair || stream.kind == Stream::Kind::tcp_listener;
}

/// TCP would keep the ports for a minute after an orderly end, and there are thousands of plays.
void set_options(const Socket& socket, const Stream& stream)
{
    if (is_tcp(stream))
        socket.options().linger(0s);
    if (stream.wide)
        socket.options().send_buffer(16 * 1024);
}

/// A play that could not be brought to its end may keep its own.
Endpoint unused_endpoint()
{
    static int number = 0;
    return unix_endpoint("stream-" + std::to_string(++number));
}

}

Network::Network(const Program& program, Scheduler& scheduler)
    : program_(program),
      scheduler_(scheduler),
      ends_(program.streams.size() * 2),
      listeners_(program.streams.size())
{}

void Network::open(Yield& yield)
{
    for (std::size_t i = 0; i < program_.streams.size(); ++i)
        switch (program_.streams[i].kind) {
        case Stream::Kind::unix_pair:
            connect(i, socket_pair(scheduler_));
            break;
        case Stream::Kind::tcp_pair:
            connect(i, connection(yield));
            break;
        case Stream::Kind::unix_listener:
            listeners_[i] = yield(Listen(unused_endpoint()));
            break;
        case Stream::Kind::tcp_listener:
            listeners_[i] = yield(Listen({"127.0.0.1", 0}));
        }
}

void Network::connect(std::size_t stream, std::pair<Socket, Socket> sockets)
{
    const auto there = std::make_shared<Flow>(static_cast<unsigned>(stream * 2));
    const auto back = std::make_shared<Flow>(static_cast<unsigned>(stream * 2 + 1));
    flows_.insert(flows_.end(), {there, back});
    set_options(sockets.first, program_.streams[stream]);
    set_options(sockets.second, program_.streams[stream]);
    ends_[stream * 2] = {std::move(sockets.first), there, back};
    ends_[stream * 2 + 1] = {std::move(sockets.second), back, there};
}

const Stream& Network::stream_of(int end) const
{
    return program_.streams.at(static_cast<std::size_t>(end / 2));
}

/// Which of those who connect is accepted by whom is not known here, so that these flows have one
/// end each.
bool Network::replace(int number, Socket socket)
{
    constexpr unsigned from_client = 100, from_server = 101;
    const bool client = number % 2 == 0;
    set_options(socket, stream_of(number));
    End& end = this->end(number);
    const bool had_one = static_cast<bool>(end.socket);
    end = {std::move(socket), std::make_shared<Flow>(client ? from_client : from_server),
           std::make_shared<Flow>(client ? from_server : from_client)};
    return had_one;
}

void Network::close(Yield& yield, Duration tick)
{
    for (Listener& listener : listeners_) {
        listener = Listener();
        yield(Sleep(tick));
    }
    for (End& end : ends_) {
        end.socket = Socket();
        yield(Sleep(tick));
    }
}

void Network::close()
{
    for (End& end : ends_)
        end.socket = Socket();
    for (Listener& listener : listeners_)
        listener = Listener();
}

bool Network::has_tcp() const
{
    return std::any_of(program_.streams.begin(), program_.streams.end(), is_tcp);
}

std::vector<std::string> Network::faults() const
{
    std::vector<std::string> all;
    for (const auto& flow : flows_)
        if (std::string fault = flow->fault(); !fault.empty())
            all.push_back(std::move(fault));
    return all;
}

}
