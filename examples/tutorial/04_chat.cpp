#include <cogen/cogen.hpp>

#include <csignal>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>

using namespace cogen;

// [room]
struct Room {
    static constexpr std::size_t kept = 100;

    std::deque<std::string> lines;  // the last that were said
    std::size_t forgotten = 0;      // how many were said before those

    std::size_t said() const { return forgotten + lines.size(); }
};

void say(Yield& yield, Room& room, const std::string& line)
{
    room.lines.push_back(line + "\r\n");
    if (room.lines.size() > Room::kept) {
        room.lines.pop_front();
        ++room.forgotten;
    }
    yield(Signal("said"));
}
// [/room]

// [show]
void show_lines(Yield& yield, const Room& room, const Socket& sock)
{
    for (std::size_t shown = room.said();; ++shown) {
        while (shown == room.said())
            yield(WaitForSignal("said"));
        std::string text;
        if (shown < room.forgotten) {
            text = "* You have missed " + std::to_string(room.forgotten - shown) + " lines\r\n";
            shown = room.forgotten;
        }
        text += room.lines[shown - room.forgotten];
        yield(sock.write(text) | idle_limit(30s));
    }
}
// [/show]

// [end]
void show(Yield& yield, const Room* room, std::shared_ptr<Socket> sock)
{
    try {
        show_lines(yield, *room, *sock);
    } catch (const system_error&) {
        yield(sock->close());  // then the one who receives fails, and says so
    } catch (const Cancelled&) {
        shielded(yield, [&] { yield(sock->write("* Goodbye\r\n") | within(1s) | as_tuple); });
        throw;
    }
}
// [/end]

// [receive]
void receive(Yield& yield, Room* room, Socket accepted, Duration patience)
{
    const auto sock = std::make_shared<Socket>(std::move(accepted));
    BufferedReader reader(*sock, 1000);
    yield(sock->write("Your name? "));
    const auto answer = yield(reader.read_line() | within(patience));
    const std::string name(answer.value_or("Nobody"));

    const Handle<> shown = yield(Spawn(show, room, sock));
    say(yield, *room, name + " has come");
    try {
        while (const auto line = yield(reader.read_line() | within(patience)))
            say(yield, *room, name + ": " + std::string(*line));
        say(yield, *room, name + " has gone");
    } catch (const system_error& error) {
        say(yield, *room, name + " has gone: " + error.code().message());
    }
    yield.scheduler().cancel(shown);
}
// [/receive]

void serve(Yield& yield, Room* room, Endpoint endpoint, Duration patience)
{
    Listener listener = yield(Listen(endpoint));
    std::cout << "listening at " << to_string(listener.endpoint()) << std::endl;
    for (;;)
        yield(Spawn(receive, room, yield(listener.accept()), patience));
}

// [main]
Scheduler* running = nullptr;

void stop(int) { running->stop(); }

int main(int argc, char** argv)
{
    const Endpoint endpoint = Endpoint::parse(argc > 1 ? argv[1] : "127.0.0.1:0");
    const std::chrono::milliseconds patience(argc > 2 ? std::atoi(argv[2]) : 600'000);

    Room room;
    Scheduler scheduler;
    running = &scheduler;
    std::signal(SIGINT, stop);
    scheduler.spawn(serve, &room, endpoint, Duration(patience));
    scheduler.run();

    std::signal(SIGINT, SIG_DFL);
    std::cout << "the chat ends" << std::endl;
}
// [/main]
