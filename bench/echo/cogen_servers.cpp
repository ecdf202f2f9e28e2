// SPDX-License-Identifier: MIT
//
// What is compared: the echo server of cogen's README on each reactor, with a second listener for
// the counters.
#include "bench/echo/counters.hpp"
#include "bench/echo/servers.hpp"

#include <array>

#include <cogen/cogen.hpp>
#include <reactors/counting_kernel.hpp>
#include <reactors/reactor.hpp>

namespace bench {
namespace {

using namespace cogen;

void echo(Yield& yield, Socket sock)
{
    std::array<char, 4096> buffer;
    while (auto n = yield(sock.read(buffer)))
        yield(sock.write({buffer.data(), n}));
}

void serve(Yield& yield, Listener listener)
{
    for (;;)
        yield(Spawn(echo, yield(listener.accept())));
}

/// Who knows the system calls that were made.
struct Books {
    CountingKernel& kernel;
    Scheduler& scheduler;

    Counters read() const
    {
        Counters counters{own_cpu_nanoseconds(), {}};
        for (const auto& calls : {kernel.calls(), scheduler.reactor().calls()})
            for (const CallCount& call : calls)
                counters.calls[std::string(call.name)] += call.count;
        return counters;
    }
};

void answer_control(Yield& yield, Socket sock, const Books* books)
{
    std::array<char, 1> byte;
    while (yield(sock.read(byte)))
        yield(sock.write(to_line(books->read())));
}

void serve_control(Yield& yield, Listener listener, const Books* books)
{
    for (;;)
        yield(Spawn(answer_control, yield(listener.accept()), books));
}

using Announce = std::function<void(Ports)>;

void open_shop(Yield& yield, const Books* books, const Announce* announce)
{
    Listener echoes = yield(Listen({"127.0.0.1", 0}));
    Listener control = yield(Listen({"127.0.0.1", 0}));
    (*announce)({echoes.endpoint().port(), control.endpoint().port()});
    yield(Spawn(serve, std::move(echoes)));
    yield(Spawn(serve_control, std::move(control), books));
}

void run_server(const std::string& reactor, bool counting, const Announce& announce)
{
    CountingKernel kernel(system_kernel());
    Scheduler scheduler(make_reactor(reactor, counting ? kernel : system_kernel()));
    const Books books{kernel, scheduler};
    scheduler.spawn(open_shop, &books, &announce);
    scheduler.run();
}

}

EchoServer cogen_server(const std::string& reactor, bool counting)
{
    return {reactor, Kind::reactor, "",
            [=](const Announce& announce) { run_server(reactor, counting, announce); }};
}

std::vector<EchoServer> cogen_servers()
{
    std::vector<EchoServer> servers;
    for (const auto& reactor : available_reactors()) {
        servers.push_back(cogen_server(std::string(reactor.name), true));
        servers.back().why_not = reactor.why_not;
    }
    return servers;
}

}
