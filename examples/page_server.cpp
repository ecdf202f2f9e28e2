// Answers whoever asks with a page that names what was asked for: ./page_server [address:port]
#include <cogen/cogen.hpp>

#include <array>
#include <iostream>

using namespace cogen;

/// What is asked for, up to the empty line behind it, or up to where the client stops.
std::string request_of(Yield& yield, const Socket& sock)
{
    std::string request;
    std::array<char, 1024> buffer;
    while (request.find("\r\n\r\n") == std::string::npos && request.size() < 8192) {
        const auto n = yield(sock.read(buffer));
        if (n == 0)
            break;
        request.append(buffer.data(), n);
    }
    return request;
}

void answer(Yield& yield, Socket sock)
{
    const std::string request = with_timeout(yield, 10s, [&] { return request_of(yield, sock); });
    const std::string page = "You asked: " + request.substr(0, request.find("\r\n")) + '\n';
    const std::string head = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                             + std::to_string(page.size()) + "\r\n\r\n";
    yield(sock.write(head + page) | idle_limit(10s));
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
