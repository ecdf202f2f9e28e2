#include <cogen/cogen.hpp>

#include <iostream>
#include <memory>

using namespace cogen;

// [show]
const Topic<std::string> said{"said"};

void show(Yield& yield, std::shared_ptr<Socket> sock)
{
    for (;;) {
        const std::string line = yield(WaitForSignal(said));
        yield(sock->write(line + "\r\n"));
    }
}
// [/show]

// [receive]
void receive(Yield& yield, Socket accepted)
{
    const auto sock = std::make_shared<Socket>(std::move(accepted));
    BufferedReader reader(*sock, 1000);
    yield(sock->write("Your name? "));
    const std::string name(yield(reader.read_line()).value_or("Nobody"));

    const Handle<> shown = yield(Spawn(show, sock));
    yield(Signal(said, name + " has come"));
    while (const auto line = yield(reader.read_line()))
        yield(Signal(said, name + ": " + std::string(*line)));
    yield.scheduler().cancel(shown);
    yield(Signal(said, name + " has gone"));
}
// [/receive]

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
