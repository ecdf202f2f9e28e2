// A server with a whole life, which says what it is told, line by line. Ends by SIGTERM or SIGINT:
// ./server [address:port | unix:path] [most clients] [milliseconds to be idle] [... to finish]
#include <cogen/cogen.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include <unistd.h>

using namespace cogen;

struct Server {
    Endpoint endpoint;
    std::size_t most;  // clients at once
    std::chrono::milliseconds idle;
    std::chrono::milliseconds grace;  // for those who are served, at the end
    Handle<> accepting = {};
    std::vector<Handle<>> clients = {};  // and some that have finished
    std::uint64_t turned_away = 0;
    bool ending = false;
};

// [leave]
/// Ends a connection such that its peer reads our last words.
void take_leave(Yield& yield, const Socket& sock, std::string_view words)
{
    try {
        with_timeout(yield, 5s, [&] {
            yield(sock.write(words));
            yield(sock.shutdown());
            char rest[4096];  // unread, it would turn the end into a reset
            while (yield(sock.read(rest)) > 0) {}
        });
    } catch (const system_error& error) {
        std::clog << "whether it has our last words is not known: " << error.what() << '\n';
    }
}
// [/leave]

// [talk]
/// Answers with our last words.
std::string_view talk(Yield& yield, const Server& server, const Socket& sock)
{
    BufferedReader reader(sock, 1000);
    while (!server.ending) {
        const auto [error, line] = yield(reader.read_line() | as_tuple);
        if (error == errc::timed_out)
            return "you say nothing\n";
        if (error == errc::too_long)
            return "you say too much\n";
        if (error)
            throw system_error(error, "a client has gone");
        if (!line)
            return {};
        yield(sock.writev({*line, "\n"}));
    }
    return "the server ends\n";
}
// [/talk]

// [attend]
/// Says at its end that there is room for another client.
struct Place {
    Scheduler& scheduler;
    ~Place() { Signal("room").send(scheduler); }  // no yield: a destructor must not
};

void attend(Yield& yield, Server* server, Socket sock)
{
    const Place place{yield.scheduler()};
    sock.timeout(server->idle);
    try {
        take_leave(yield, sock, talk(yield, *server, sock));
    } catch (const Cancelled&) {
        shielded(yield, [&] { take_leave(yield, sock, "the server cannot wait for you\n"); });
        throw;
    } catch (const std::exception& error) {
        std::clog << error.what() << '\n';
    }
}
// [/attend]

/// None, where it is no path in the file system.
std::string path_of(const Endpoint& endpoint)
{
    const std::string text = to_string(endpoint);
    return text.starts_with("unix:") && !text.starts_with("unix:@") ? text.substr(5) : "";
}

// [stale]
/// The path of a Unix socket is there still when its server has crashed. What refuses a connection
/// has nobody behind it. The ring of a process that was killed is ended by the kernel in its own
/// time, which lets go of the listener then.
void remove_stale(Yield& yield, const Endpoint& endpoint)
{
    const std::string path = path_of(endpoint);
    for (int tries = 0; !path.empty() && tries < 10; ++tries) {
        const auto [error, sock] = yield(Connect(endpoint) | within(1s) | as_tuple);
        if (error == boost::system::errc::connection_refused)
            ::unlink(path.c_str());
        if (error)
            return;
        yield(Sleep(50ms));
    }
}
// [/stale]

// [room]
void wait_for_room(Yield& yield, Server& server)
{
    for (bool said = false; server.clients.size() == server.most; said = true) {
        if (said)
            yield(WaitForSignal("room"));
        else
            std::cout << "full" << std::endl;
        std::erase_if(server.clients, [](const Handle<>& one) { return one.finished(); });
    }
}
// [/room]

// [accept]
/// Until it is cancelled. Then nobody listens any more: who comes is refused by the system.
void accept_clients(Yield& yield, Server* server)
{
    remove_stale(yield, server->endpoint);
    const Listener listener = yield(Listen(server->endpoint));
    std::cout << "listening at " << to_string(listener.endpoint()) << std::endl;
    try {
        for (;;) {
            wait_for_room(yield, *server);
            Socket sock = yield(listener.accept());
            server->clients.push_back(yield(Spawn(attend, server, std::move(sock))));
        }
    } catch (const Cancelled&) {
        ::unlink(path_of(listener.endpoint()).c_str());
        server->turned_away = listener.turned_away();
        throw;
    }
}
// [/accept]

// [finish]
/// Waits for the end of accepting, and then for so long for those who are served.
void finish(Yield& yield, Server* server)
{
    try {
        yield(Join(server->accepting));
    } catch (const system_error& error) {
        if (error.code() != errc::cancelled)
            throw;  // it could not listen, most often
    }
    std::cout << server->turned_away << " have been turned away" << std::endl;
    try {
        with_timeout(yield, server->grace, [&] {
            for (const Handle<>& client : server->clients)
                yield(Join(client));
        });
    } catch (const TimeoutError&) {
        for (const Handle<>& client : server->clients)
            yield.scheduler().cancel(client);
    }
}
// [/finish]

// [signal]
/// What SIGTERM and SIGINT have the scheduler's thread do.
class End final : public Posted {
public:
    End(Scheduler& scheduler, Server& server) : scheduler_(scheduler), server_(server)
    {
        the_end = this;
        for (const int number : {SIGTERM, SIGINT})
            std::signal(number, [](int) { the_end->scheduler_.post(*the_end); });
    }
    ~End()
    {
        for (const int number : {SIGTERM, SIGINT})
            std::signal(number, SIG_DFL);
    }

    void run() override
    {
        server_.ending = true;
        scheduler_.cancel(server_.accepting);
    }

private:
    static inline End* the_end = nullptr;

    Scheduler& scheduler_;
    Server& server_;
};
// [/signal]

// [main]
int main(int argc, char** argv)
{
    const auto number = [&](int i, int otherwise) {
        return argc > i ? std::atoi(argv[i]) : otherwise;
    };
    Server server{
        .endpoint = Endpoint::parse(argc > 1 ? argv[1] : "127.0.0.1:0"),
        .most = static_cast<std::size_t>(number(2, 1000)),
        .idle = std::chrono::milliseconds(number(3, 60'000)),
        .grace = std::chrono::milliseconds(number(4, 10'000)),
    };
    Scheduler scheduler;
    server.accepting = scheduler.spawn(accept_clients, &server).named("accept");
    scheduler.spawn(finish, &server).named("finish");
    End end(scheduler, server);
    const Report report = scheduler.run();
    std::cout << report;
    return report.failed == 0 ? 0 : 1;
}
// [/main]
