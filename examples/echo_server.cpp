// Sends back whatever it is sent: ./echo_server [address:port]
// [program]
#include <cogen/cogen.hpp>

#include <array>
#include <iostream>

using namespace cogen;

void echo(Yield& yield, Socket sock)
{
    std::array<char, 4096> buffer;
    while (auto n = yield(sock.read(buffer)))  // 0: the peer has finished
        yield(sock.write({buffer.data(), n}));
}

void serve(Yield& yield, Endpoint endpoint)
{
    Listener listener = yield(Listen(endpoint));
    std::cout << "listening at " << to_string(listener.endpoint()) << std::endl;
    for (;;)
        yield(Spawn(echo, yield(listener.accept())));
}

int main(int argc, char** argv)
{
    Scheduler scheduler;
    scheduler.spawn(serve, Endpoint::parse(argc > 1 ? argv[1] : "127.0.0.1:0"));
    scheduler.run();
}
// [/program]
