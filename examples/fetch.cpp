// Fetches a page, and prints all that the server says: ./fetch address:port [path]
// Try it with ./page_server beside it.
#include <cogen/cogen.hpp>

#include <array>
#include <iostream>

using namespace cogen;

void fetch(Yield& yield, Endpoint server, std::string path)
{
    const std::string request =
        "GET " + path + " HTTP/1.0\r\nHost: " + to_string(server) + "\r\n\r\n";
    Socket sock = yield(Connect(server) | within(5s));
    yield(sock.write(request) | within(5s));

    std::array<char, 4096> buffer;
    while (auto n = yield(sock.read(buffer) | within(5s)))  // 0: the server has said all
        std::cout.write(buffer.data(), static_cast<std::streamsize>(n));
}

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::cerr << "usage: " << argv[0] << " address:port [path]\n";
        return 2;
    }
    Scheduler scheduler;
    scheduler.spawn(fetch, Endpoint::parse(argv[1]), argc > 2 ? argv[2] : "/");
    return scheduler.run().failed == 0 ? 0 : 1;
}
