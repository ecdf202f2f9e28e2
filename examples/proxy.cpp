// Passes on what passes to and fro, and prints it: ./proxy server:port [address:port]
#include <cogen/cogen.hpp>

#include <iostream>
#include <memory>
#include <sstream>

using namespace cogen;
using Side = std::shared_ptr<Socket>;

void print(std::string arrow, std::string text)
{
    std::erase_if(text, [](char c) { return '\0' <= c && c < ' ' && c != '\n'; });
    std::istringstream lines(text);
    while (std::getline(lines, text))
        std::cout << arrow << text << std::endl;
}

/// One direction. Its end is passed on, and leaves the other open; its failure closes both.
void pass_on(Yield& yield, Side from, Side to, std::string arrow)
{
    try {
        char buffer[16 * 1024];
        while (auto n = yield(from->read(buffer))) {
            print(arrow, {buffer, n});
            yield(to->write({buffer, n}));
        }
        print(arrow, "(end)");
        yield(to->shutdown());
    } catch (const system_error& error) {
        print(arrow, error.what());
        yield(from->close());
        yield(to->close());
    }
}

void introduce(Yield& yield, Socket sock, Endpoint server)
{
    const Side client = std::make_shared<Socket>(std::move(sock));
    const Side other = std::make_shared<Socket>(yield(Connect(server) | within(10s)));
    yield(Spawn(pass_on, other, client, "<- "));
    pass_on(yield, client, other, "-> ");
}

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::cerr << "usage: " << argv[0] << " server:port [address:port]\n";
        return 2;
    }
    Scheduler scheduler;
    scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen(Endpoint::parse(argc > 2 ? argv[2] : "127.0.0.1:0")));
        std::cout << "listening at " << to_string(listener.endpoint()) << std::endl;
        for (;;)
            yield(Spawn(introduce, yield(listener.accept()), Endpoint::parse(argv[1])));
    });
    scheduler.run();
}
