// A chat, which guests join by `telnet address port`: ./chat [address:port]
#include <cogen/cogen.hpp>

#include <deque>
#include <iostream>
#include <map>
#include <memory>

using namespace cogen;
using Lines = std::deque<std::string>;  // not shown to a guest yet
using Guests = std::map<std::shared_ptr<Socket>, Lines>;

/// Nobody waits for a guest who reads too slowly: he misses something.
void say(Yield& yield, Guests& guests, std::string line)
{
    std::erase_if(line, [](char c) { return '\0' <= c && c < ' '; });
    for (auto& [sock, lines] : guests)
        if (lines.size() < 100)
            lines.push_back(line + "\r\n");
    yield(Signal("said"));
}

void show(Yield& yield, std::shared_ptr<Socket> sock, Lines* lines)
{
    for (;; lines->pop_front()) {
        while (lines->empty())
            yield(WaitForSignal("said"));
        yield(sock->write(lines->front()));
    }
}

void receive(Yield& yield, Guests* guests, Socket accepted)
{
    const auto sock = std::make_shared<Socket>(std::move(accepted));
    BufferedReader reader(*sock, 1000);
    yield(sock->write("Your name? "));
    const std::string name(yield(reader.read_line()).value_or("Nobody"));
    const Handle<> shown = yield(Spawn(show, sock, &(*guests)[sock]));
    say(yield, *guests, name + " has come");
    while (const auto line = std::get<1>(yield(reader.read_line() | as_tuple)))
        say(yield, *guests, name + ": " + std::string(*line));
    yield.scheduler().cancel(shown);
    yield(Join(shown) | as_tuple);
    guests->erase(sock);
    say(yield, *guests, name + " has gone");
}

int main(int argc, char** argv)
{
    Guests guests;
    Scheduler scheduler;
    scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen(Endpoint::parse(argc > 1 ? argv[1] : "127.0.0.1:0")));
        std::cout << "listening at " << to_string(listener.endpoint()) << std::endl;
        for (;;)
            yield(Spawn(receive, &guests, yield(listener.accept())));
    });
    scheduler.run();
}
