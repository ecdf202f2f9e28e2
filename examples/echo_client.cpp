// Sends lines to an echo server, from several connections at once, and checks what comes back:
// ./echo_client address:port [connections] [lines]
#include <cogen/cogen.hpp>

#include <cstdlib>
#include <iostream>

using namespace cogen;

void talk(Yield& yield, Endpoint server, int lines)
{
    Socket sock = yield(Connect(server));
    for (int i = 1; i <= lines; ++i) {
        const std::string line = "line " + std::to_string(i) + '\n';
        yield(sock.write(line));

        std::string answer(line.size(), ' ');
        for (std::size_t have = 0; have < answer.size();) {
            auto n = yield(sock.read({answer.data() + have, answer.size() - have}));
            if (n == 0)
                throw std::runtime_error("the server has hung up");
            have += n;
        }
        if (answer != line)
            throw std::runtime_error("the server said: " + answer);
    }
}

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::cerr << "usage: " << argv[0] << " address:port [connections] [lines]\n";
        return 2;
    }
    const Endpoint server = Endpoint::parse(argv[1]);
    const int connections = argc > 2 ? std::atoi(argv[2]) : 10;
    const int lines = argc > 3 ? std::atoi(argv[3]) : 100;

    Scheduler scheduler;
    for (int i = 0; i < connections; ++i)
        scheduler.spawn(talk, server, lines);
    const Report report = scheduler.run();
    std::cout << report;
    return report.failed == 0 ? 0 : 1;
}
