#include "tests/differential/network.hpp"

#include "tests/support/sockets.hpp"

#include <algorithm>

using namespace cogen;

namespace differential {
namespace {

/// TCP would keep the ports for a minute after an orderly end, and there are thousands of plays.
void set_options(const Socket& socket, const Stream& stream)
{
    if (takes_time(stream))
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

/// The same end as it is seen from its other.
Traffic reverse(const Traffic& traffic)
{
    return {traffic.in, traffic.out, traffic.datagrams_in, traffic.datagrams_out};
}

/// What `descriptor` is when it is of the same kind as `one`.
Socket of_same_kind(const Socket& one, Scheduler& scheduler, Descriptor descriptor)
{
    return {scheduler, descriptor, one.kind()};
}

template <class Open>
Open of_same_kind(const Open&, Scheduler& scheduler, Descriptor descriptor)
{
    return {scheduler, descriptor};
}

}

const DescriptorStream& End::stream() const
{
    if (const File* const file = std::get_if<File>(&open))
        return *file;
    return std::get<Socket>(open);
}

void End::drop()
{
    std::visit([](auto& one) { one = {}; }, open);
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
            break;
        case Stream::Kind::pipe:
            lay_pipe(i);
            break;
        case Stream::Kind::unix_datagrams:
            connect(i, datagram_pair(scheduler_));
            break;
        case Stream::Kind::udp:
            connect_by_udp(yield, i);
        }
}

void Network::connect(std::size_t stream, std::pair<Socket, Socket> sockets)
{
    const Traffic traffic{new_flow(stream * 2), new_flow(stream * 2 + 1)};
    set_options(sockets.first, program_.streams[stream]);
    set_options(sockets.second, program_.streams[stream]);
    ends_[stream * 2] = {std::move(sockets.first), traffic};
    ends_[stream * 2 + 1] = {std::move(sockets.second), reverse(traffic)};
}

void Network::connect(std::size_t stream, std::pair<DatagramSocket, DatagramSocket> sockets)
{
    constexpr int small = 4096;
    const Traffic traffic{{}, {}, new_datagram_flow(stream * 2), new_datagram_flow(stream * 2 + 1)};
    if (program_.streams[stream].wide)
        for (const DatagramSocket* const socket : {&sockets.first, &sockets.second})
            socket->options().send_buffer(small);
    ends_[stream * 2] = {std::move(sockets.first), traffic};
    ends_[stream * 2 + 1] = {std::move(sockets.second), reverse(traffic)};
}

/// The one is connected to the other, who says each time to whom he sends.
void Network::connect_by_udp(Yield& yield, std::size_t stream)
{
    DatagramSocket bound = yield(BindDatagram({"127.0.0.1", 0}));
    DatagramSocket connected = yield(ConnectDatagram(bound.local_endpoint()));
    const Endpoint peer = connected.local_endpoint();
    connect(stream, {std::move(bound), std::move(connected)});
    ends_[stream * 2].traffic.peer = peer;
}

void Network::lay_pipe(std::size_t stream)
{
    const Traffic traffic{new_flow(stream * 2)};
    auto [out, in] = cogen::pipe(scheduler_);
    ends_[stream * 2] = {std::move(in), traffic};
    ends_[stream * 2 + 1] = {std::move(out), reverse(traffic)};
}

std::shared_ptr<Flow> Network::new_flow(std::size_t from)
{
    return flows_.emplace_back(std::make_shared<Flow>(static_cast<unsigned>(from)));
}

std::shared_ptr<DatagramFlow> Network::new_datagram_flow(std::size_t from)
{
    const bool keeps_all = program_.streams[from / 2].kind == Stream::Kind::unix_datagrams;
    return datagram_flows_.emplace_back(
        std::make_shared<DatagramFlow>(static_cast<unsigned>(from), keeps_all));
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
    const bool had_one = end.is_open();
    end = {std::move(socket),
           {std::make_shared<Flow>(client ? from_client : from_server),
            std::make_shared<Flow>(client ? from_server : from_client)}};
    return had_one;
}

bool Network::replace(int number, OpenDescriptor descriptor, Traffic traffic)
{
    End& end = this->end(number);
    const bool had_one = end.is_open();
    std::visit([&](auto& one) { one = of_same_kind(one, scheduler_, descriptor.release()); },
               end.open);
    end.traffic = std::move(traffic);
    return had_one;
}

void Network::close(Yield& yield, Duration tick)
{
    for (Listener& listener : listeners_) {
        listener = Listener();
        yield(Sleep(tick));
    }
    for (End& end : ends_) {
        end.drop();
        yield(Sleep(tick));
    }
}

void Network::close()
{
    for (End& end : ends_)
        end.drop();
    for (Listener& listener : listeners_)
        listener = Listener();
}

bool Network::takes_time() const
{
    return std::any_of(program_.streams.begin(), program_.streams.end(), differential::takes_time);
}

std::vector<std::string> Network::faults() const
{
    std::vector<std::string> all;
    const auto add_those_of = [&](const auto& flows) {
        for (const auto& flow : flows)
            if (std::string fault = flow->fault(); !fault.empty())
                all.push_back(std::move(fault));
    };
    add_those_of(flows_);
    add_those_of(datagram_flows_);
    return all;
}

}
