// SPDX-License-Identifier: MIT
//
// libevent, as its users write it: one persistent read event a connection, recv and send by hand.
// It is here to show that the floor is not slow; it counts no system calls.
#include "bench/echo/servers.hpp"

#if __has_include(<event2/event.h>)

#include "bench/echo/counters.hpp"
#include "bench/echo/loopback.hpp"

#include <array>

#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

/// One connection's event, of which it owns the descriptor. libevent keeps the rest.
struct Connection {
    event* readable;
};

void end(int fd, Connection* connection)
{
    event_free(connection->readable);
    delete connection;
    close(fd);
}

void echo(int fd, short, void* argument)
{
    static std::array<char, 4096> buffer;
    const auto received = recv(fd, buffer.data(), buffer.size(), 0);
    if (received <= 0)
        end(fd, static_cast<Connection*>(argument));
    else
        send(fd, buffer.data(), static_cast<std::size_t>(received), MSG_NOSIGNAL);
}

void answer_control(int fd, short, void* argument)
{
    char byte = 0;
    if (recv(fd, &byte, 1, 0) <= 0) {
        end(fd, static_cast<Connection*>(argument));
        return;
    }
    const auto line = to_line({own_cpu_nanoseconds(), {}});
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

void serve(const std::function<void(Ports)>& announce)
{
    const OwnedFd echo_listener = listen_on_loopback();
    const OwnedFd control_listener = listen_on_loopback();
    event_base* base = event_base_new();
    const auto on = [base](int fd, event_callback_fn react) {
        event_add(event_new(base, fd, EV_READ | EV_PERSIST, react, base), nullptr);
    };
    on(echo_listener.get(), accept_from<echo>);
    on(control_listener.get(), accept_from<answer_control>);
    announce({port_of(echo_listener.get()), port_of(control_listener.get())});
    event_base_dispatch(base);  // the process is killed here: nothing is freed
}

}

EchoServer libevent_server() { return {"libevent", Kind::peer, "", serve}; }
}

#else

namespace bench {

EchoServer libevent_server()
{
    return {"libevent", Kind::peer, "it was not installed when this program was built", {}};
}
}

#endif
