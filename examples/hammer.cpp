// Is at an echo server from many sides, and checks each byte that comes back:
// ./hammer [address:port] [connections] [messages]
#include <cogen/cogen.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>

using namespace cogen;

/// A message of random size, the same for the same seed: who expects it need not keep it.
std::string next_message(std::mt19937& random)
{
    std::string message(random() % 20'000 + 1, ' ');
    for (char& c : message)
        c = static_cast<char>(random());
    return message;
}

void strike(Yield& yield, std::shared_ptr<Socket> sock, unsigned seed, int messages)
{
    for (std::mt19937 random(seed); messages > 0; --messages)
        yield(sock->write(next_message(random)));
}

struct Count {
    std::size_t messages = 0, bytes = 0;
};

void hammer(Yield& yield, Endpoint server, unsigned seed, int messages, Count* back)
{
    const auto sock = std::make_shared<Socket>(yield(Connect(server) | within(10s)));
    sock->timeout(10s);
    yield(Spawn(strike, sock, seed, messages));
    for (std::mt19937 random(seed); messages > 0; --messages) {
        const std::string message = next_message(random);
        std::string answer(message.size(), ' ');
        back->bytes += yield(sock->read_exactly(answer));
        if (answer != message)
            throw std::runtime_error("other bytes have come back than were sent");
        ++back->messages;
    }
}

int main(int argc, char** argv)
{
    const Endpoint server = Endpoint::parse(argc > 1 ? argv[1] : "127.0.0.1:9000");
    const int connections = argc > 2 ? std::atoi(argv[2]) : 100;
    const int messages = argc > 3 ? std::atoi(argv[3]) : 10;
    Count back;
    Scheduler scheduler;
    for (int i = 0; i < connections; ++i)
        scheduler.spawn(hammer, server, i, messages, &back);
    const Report report = scheduler.run();
    std::cout << back.messages << " messages, " << back.bytes << " bytes have come back\n"
              << report;
    return report.failed == 0 ? 0 : 1;
}
