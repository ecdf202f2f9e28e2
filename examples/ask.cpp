// A question by UDP, and its answer, where datagrams get lost: the server here does not hear every
// other one, so the client asks again when its patience is over.
#include <cogen/cogen.hpp>

#include <array>
#include <iostream>
#include <string>

using namespace cogen;

void answer(Yield& yield, const DatagramSocket* socket)
{
    std::array<char, 512> buffer;
    for (int heard = 0;; ++heard) {
        const Datagram question = yield(socket->receive_from(buffer));
        if (heard % 2 == 0)
            continue;  // lost
        const std::string text = std::string(buffer.data(), question.size) + "? 42";
        yield(socket->send_to(text, question.sender));
    }
}

std::string ask(Yield& yield, Endpoint server, std::string question)
{
    const DatagramSocket socket = yield(ConnectDatagram(server));
    std::array<char, 512> buffer;
    for (int time = 1; time <= 3; ++time) {
        yield(socket.send(question));
        const auto [error, reply] = yield(socket.receive_from(buffer) | within(100ms) | as_tuple);
        if (!error)
            return std::string(buffer.data(), reply.size);
        std::cout << question << ", the " << time << ". time: " << error.message() << '\n';
    }
    throw std::runtime_error(to_string(server) + " does not answer");
}

void play(Yield& yield)
{
    const DatagramSocket socket = yield(BindDatagram({"127.0.0.1", 0}));
    const Handle<> server = yield(Spawn(answer, &socket));
    for (const std::string question : {"6 times 7", "7 times 6"})
        std::cout << yield(Call(ask, socket.local_endpoint(), question)) << '\n';
    yield.scheduler().cancel(server);
    yield(Join(server) | as_tuple);
}

int main()
{
    Scheduler scheduler;
    scheduler.spawn(play);
    return scheduler.run().failed == 0 ? 0 : 1;
}
