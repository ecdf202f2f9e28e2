// Sends what is typed to a server, and shows what that answers, as telnet does:
// ./talk address:port
#include <cogen/cogen.hpp>

#include <array>
#include <iostream>

using namespace cogen;

void show(Yield& yield, const Socket* server)
{
    const File output = standard_output(yield.scheduler());
    std::array<char, 4096> buffer;
    while (auto n = yield(server->read(buffer)))
        yield(output.write({buffer.data(), n}));
}

void talk(Yield& yield, Endpoint endpoint)
{
    const File input = standard_input(yield.scheduler());
    const Socket server = yield(Connect(endpoint));
    const Handle<> shown = yield(Spawn(show, &server));
    std::array<char, 4096> buffer;
    while (auto n = yield(input.read(buffer)))
        yield(server.write({buffer.data(), n}));
    yield(server.shutdown());  // no more is typed; it may still answer
    yield(Join(shown));
}

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " address:port\n";
        return 2;
    }
    Scheduler scheduler;
    scheduler.spawn(talk, Endpoint::parse(argv[1]));
    return scheduler.run().failed == 0 ? 0 : 1;
}
