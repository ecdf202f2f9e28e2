#include <cogen/cogen.hpp>

#include <iostream>

using namespace cogen;

// [receive]
void receive(Yield& yield, Socket sock)
{
    BufferedReader reader(sock, 1000);  // no line is longer
    yield(sock.write("Your name? "));
    const std::string name(yield(reader.read_line()).value_or("Nobody"));
    while (const auto line = yield(reader.read_line()))
        std::cout << name << ": " << *line << std::endl;
    std::cout << name << " has gone" << std::endl;
}
// [/receive]

// [serve]
void serve(Yield& yield, Endpoint endpoint)
{
    Listener listener = yield(Listen(endpoint));
    std::cout << "listening at " << to_string(listener.endpoint()) << std::endl;
    for (;;)
        yield(Spawn(receive, yield(listener.accept())));
}

int main(int argc, char** argv)
{
    Scheduler scheduler;
    scheduler.spawn(serve, Endpoint::parse(argc > 1 ? argv[1] : "127.0.0.1:0"));
    scheduler.run();
}
// [/serve]
