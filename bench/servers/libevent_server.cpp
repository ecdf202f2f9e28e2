// SPDX-License-Identifier: MIT
//
// libevent, as its users write it: one persistent read event a connection, recv and send by hand.
// It is here to show that the floor is not slow; it counts no system calls.
#include "bench/servers/servers.hpp"

#if __has_include(<event2/event.h>)

#include "bench/servers/counters.hpp"
#include "bench/servers/http.hpp"

#include <array>
#include <memory>

#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

/// One connection, which owns its event and its descriptor. libevent keeps the rest.
struct Connection {
    event* readable = nullptr;
    std::unique_ptr<HttpReader> http = nullptr;  // where it is asked for
};

void end(int fd, Connection* connection)
{
    event_free(connection->readable);
    delete connection;
    close(fd);
}

/// Sends back what has come, and answers whether there was anything.
bool send_back(int fd)
{
    static std::array<char, 4096> buffer;
    const auto received = recv(fd, buffer.data(), buffer.size(), 0);
    if (received > 0)
        send(fd, buffer.data(), static_cast<std::size_t>(received), MSG_NOSIGNAL);
    return received > 0;
}

void echo(int fd, short, void* argument)
{
    if (!send_back(fd))
        end(fd, static_cast<Connection*>(argument));
}

void exchange(int fd, short, void* argument)
{
    send_back(fd);
    end(fd, static_cast<Connection*>(argument));
}

void answer_http(int fd, short, void* argument)
{
    auto* connection = static_cast<Connection*>(argument);
    if (!connection->http)
        connection->http = std::make_unique<HttpReader>();
    HttpReader& reader = *connection->http;
    const auto room = reader.room();
    const auto received = recv(fd, room.data(), room.size(), 0);
    bool open = received > 0;
    if (open)
        reader.add(static_cast<std::size_t>(received));
    while (const auto request = open ? reader.next() : std::nullopt) {
        const auto response = response_to(*request);
        send(fd, response.data(), response.size(), MSG_NOSIGNAL);
        open = request->keep_alive;
    }
    if (!open)
        end(fd, connection);
}

void answer_control(int fd, short, void* argument)
{
    char byte = 0;
    if (recv(fd, &byte, 1, 0) <= 0) {
        end(fd, static_cast<Connection*>(argument));
        return;
    }
    const auto line = to_line(own_time());
    send(fd, line.data(), line.size(), MSG_NOSIGNAL);
}

template <event_callback_fn react>
void accept_from(int listener, short, void* base)
{
    const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    if (fd < 0)
        return;
    auto* connection = new Connection;  // allowed: libevent hands it back in each call
    connection->readable =
        event_new(static_cast<event_base*>(base), fd, EV_READ | EV_PERSIST, react, connection);
    event_add(connection->readable, nullptr);
}

event_callback_fn accept_for(Service service)
{
    switch (service) {
    case Service::exchange:
        return accept_from<exchange>;
    case Service::http:
        return accept_from<answer_http>;
    default:
        return accept_from<echo>;
    }
}

void serve(Service service, const Announce& announce)
{
    const OwnedFd listener = listen_on_loopback();
    const OwnedFd control_listener = listen_on_loopback();
    event_base* base = event_base_new();
    const auto on = [base](int fd, event_callback_fn react) {
        event_add(event_new(base, fd, EV_READ | EV_PERSIST, react, base), nullptr);
    };
    on(listener.get(), accept_for(service));
    on(control_listener.get(), accept_from<answer_control>);
    announce({port_of(listener.get()), port_of(control_listener.get())});
    event_base_dispatch(base);  // the process is killed here: nothing is freed
}

}

Server libevent_server()
{
    return {"libevent",
            Kind::peer,
            "",
            serve,
            {{Service::stream, "this server of libevent's waits only to read"}}};
}

}

#else

namespace bench {

Server libevent_server()
{
    return {"libevent", Kind::peer, "it was not installed when this program was built", {}};
}

}

#endif
