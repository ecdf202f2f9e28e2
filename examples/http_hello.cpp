// Greets whoever asks by HTTP, be it curl, wrk, or a browser: ./http_hello [address:port]
#include <cogen/cogen.hpp>

#include <iostream>

#include <strings.h>

using namespace cogen;

constexpr std::string_view hello = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nHello, world!\n";
constexpr std::string_view last_hello =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 14\r\n\r\nHello, world!\n";
constexpr std::string_view unknown =
    "HTTP/1.1 405 Not GET\r\nAllow: GET\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view too_large =
    "HTTP/1.1 431 Head too large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Whether the client may ask again: so it is in HTTP/1.1, without a field "Connection: close".
bool keeps_alive(std::string_view head)
{
    bool keeps = head.substr(0, head.find("\r\n")).ends_with(" HTTP/1.1");
    while (keeps && head.find("\r\n") != head.npos) {
        head.remove_prefix(head.find("\r\n") + 2);
        keeps = ::strncasecmp(head.data(), "connection: close", 17) != 0;
    }
    return keeps;
}

void answer(Yield& yield, Socket sock)
{
    sock.timeout(30s);
    BufferedReader reader(sock);
    for (bool more = true; more;) {
        const auto [error, head] = yield(reader.read_until("\r\n\r\n") | as_tuple);
        if (error && error != errc::too_long)
            return;  // most often, that the client has finished
        const bool known = head.starts_with("GET ");
        more = known && keeps_alive(head);
        yield(sock.write(more ? hello : known ? last_hello : error ? too_large : unknown));
    }
    yield(sock.shutdown());
    char rest[4096];  // unread, it would turn the end into a reset
    for (int i = 0; i < 100 && yield(sock.read(rest)) > 0; ++i) {}
}

void serve(Yield& yield, Endpoint endpoint)
{
    Listener listener = yield(Listen(endpoint));
    std::cout << "listening at " << to_string(listener.endpoint()) << std::endl;
    for (;;)
        yield(Spawn(answer, yield(listener.accept())));
}

int main(int argc, char** argv)
{
    Scheduler scheduler;
    scheduler.spawn(serve, Endpoint::parse(argc > 1 ? argv[1] : "127.0.0.1:0"));
    scheduler.run();
}
