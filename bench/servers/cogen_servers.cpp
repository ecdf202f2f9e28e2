// SPDX-License-Identifier: MIT
//
// What is compared: the same server on each of cogen's reactors, with a second listener for the
// counters.
#include "bench/servers/cogen_handlers.hpp"
#include "bench/servers/counters.hpp"

#include <array>
#include <exception>

#include <reactors/counting_kernel.hpp>
#include <reactors/reactor.hpp>

namespace bench {
namespace {

using namespace cogen;

void serve(Yield& yield, Listener listener, Handler handler)
{
    for (;;)
        yield(Spawn(handler, yield(listener.accept())));
}

/// Who knows the system calls that were made.
struct Books {
    CountingKernel& kernel;
    Scheduler& scheduler;

    /// Asio's own calls are seen by nobody here, and the others alone would mislead.
    Counters read() const
    {
        Counters counters = own_time();
        if (scheduler.reactor().name() == "asio")
            return counters;
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

void open_shop(Yield& yield, Handler handler, const Books* books, const Announce* announce)
{
    Listener customers = yield(Listen({"127.0.0.1", 0}));
    Listener control = yield(Listen({"127.0.0.1", 0}));
    (*announce)({customers.endpoint().port(), control.endpoint().port()});
    yield(Spawn(serve, std::move(customers), handler));
    yield(Spawn(serve_control, std::move(control), books));
}

/// Throws what a coroutine has failed with: a server that has lost a connection is not measured.
void run_server(const std::string& reactor, bool counting, Handler handler,
                const Announce& announce)
{
    CountingKernel kernel(system_kernel());
    std::exception_ptr failure;
    {
        Scheduler scheduler(make_reactor(reactor, counting ? kernel : system_kernel()));
        scheduler.on_exception([&](const Record&, std::exception_ptr problem) {
            failure = problem;
            scheduler.stop();
        });
        const Books books{kernel, scheduler};
        scheduler.spawn(open_shop, handler, &books, &announce);
        scheduler.run();
    }
    if (failure)
        std::rethrow_exception(failure);
}

}

Server cogen_server(const std::string& reactor, bool counting)
{
    return {reactor, Kind::reactor, "", [=](Service service, const Announce& announce) {
                run_server(reactor, counting, cogen_handler(service), announce);
            }};
}

std::vector<Server> cogen_servers()
{
    std::vector<Server> servers;
    for (const auto& reactor : available_reactors()) {
        servers.push_back(cogen_server(std::string(reactor.name), true));
        servers.back().why_not = reactor.why_not;
    }
    return servers;
}

}
