// The life of the server that the how-to tells of, from a path that is taken to its clean end.
#include "tests/support/examples.hpp"

#include <cogen/cogen.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>

#include <unistd.h>

namespace {

using namespace cogen;

/// A client that the system connects, whether or not the server accepts it.
class Client {
public:
    Client(Yield& yield, const std::string& address)
        : yield_(yield), sock_(yield(Connect(Endpoint::parse(address)))), reader_(sock_)
    {}

    void say(const std::string& line) { yield_(sock_.write(line + '\n')); }

    /// "(end)" at the end, and for an error its words.
    std::string hear()
    {
        const auto [error, line] = yield_(reader_.read_line() | as_tuple);
        return error ? error.message() : std::string(line.value_or("(end)"));
    }

    bool hears_nothing()
    {
        return std::get<0>(yield_(reader_.read_line() | within(0s) | as_tuple)) == errc::timed_out;
    }

    bool is_served()
    {
        yield_(sock_.write("spam\n") | as_tuple);
        return hear() == "spam";
    }

    std::string answer_to(const std::string& line)
    {
        say(line);
        return hear();
    }

private:
    Yield& yield_;
    Socket sock_;
    BufferedReader reader_;
};

/// Plays that as a coroutine, which waits for nothing for ever.
template <class Body>
void play(Body body)
{
    Scheduler scheduler;
    scheduler.default_timeout(20s);
    std::string failure;
    scheduler.on_exception(
        [&](const Record&, std::exception_ptr why) { failure = message_of(why); });
    scheduler.spawn(body);
    scheduler.run();
    CHECK(failure == "");
}

std::string path_for_a_socket()
{
    const auto name = "cogen-server-" + std::to_string(::getpid());
    return (std::filesystem::temp_directory_path() / name).string();
}

/// The system ends the ring of a process that was killed in its own time: a busy one may take more
/// of it than the server's patience.
void wait_until_nobody_listens(const std::string& address)
{
    play([&](Yield& yield) {
        with_timeout(yield, 10s, [&] {
            while (!std::get<0>(yield(Connect(Endpoint::parse(address)) | as_tuple)))
                yield(Sleep(10ms));
        });
    });
}

}

TEST_CASE("server: who is one too many is served when another has gone", "[examples][how-to]")
{
    Process server({example("how-to/server"), "127.0.0.1:0", "2"}, {reactor_variable()});
    const std::string address = address_of(server);
    play([&](Yield& yield) {
        auto first = std::make_unique<Client>(yield, address);
        CHECK(first->answer_to("spam") == "spam");
        Client second(yield, address);
        CHECK(second.answer_to("spam") == "spam");
        CHECK(server.line() == "full");
        Client third(yield, address);
        third.say("ham");
        for (int i = 0; i < 10; ++i)  // turns enough for the server to have accepted it
            CHECK(second.answer_to("eggs") == "eggs");
        CHECK(third.hears_nothing());
        first.reset();
        CHECK(third.hear() == "ham");
        CHECK(server.line() == "full");
    });
}

TEST_CASE("server: who says nothing for too long is told so, and sent away", "[examples][how-to]")
{
    Process server({example("how-to/server"), "127.0.0.1:0", "9", "20"}, {reactor_variable()});
    const std::string address = address_of(server);
    play([&](Yield& yield) {
        Client client(yield, address);
        CHECK(client.hear() == "you say nothing");
        CHECK(client.hear() == "(end)");
    });
}

TEST_CASE("server: its last words reach also who has not been read to the end, and goes on",
          "[examples][how-to]")
{
    Process server({example("how-to/server")}, {reactor_variable()});
    const std::string address = address_of(server);
    play([&](Yield& yield) {
        Client client(yield, address);
        CHECK(client.answer_to(std::string(3000, 'x')) == "you say too much");
        CHECK(client.hear() == "(end)");
        CHECK(Client(yield, address).answer_to("spam") == "spam");  // so the server has gone on
        for (int i = 0; i < 2; ++i)
            client.say("one word more");  // to a reset connection that would be an error
    });
}

TEST_CASE("server: after SIGTERM or SIGINT nobody is accepted, and who is served may finish",
          "[undisturbed][examples][how-to]")
{
    const int number = GENERATE(SIGTERM, SIGINT);
    Process server({example("how-to/server")}, {reactor_variable()});
    const std::string address = address_of(server);
    play([&](Yield& yield) {
        Client client(yield, address);
        CHECK(client.answer_to("spam") == "spam");
        server.signal(number);
        CHECK(server.line() == "0 have been turned away");
        const auto [error, sock] = yield(Connect(Endpoint::parse(address)) | as_tuple);
        CHECK(error == boost::system::errc::connection_refused);
        CHECK(client.answer_to("eggs") == "eggs");
        CHECK(client.hear() == "the server ends");
        CHECK(client.hear() == "(end)");
    });
    CHECK(server.rest() == "3 finished, 0 failed, 0 stuck\n");
    CHECK(server.exit_code() == 0);
}

TEST_CASE("server: who has not finished in time is told so, and cancelled",
          "[undisturbed][examples][how-to]")
{
    Process server({example("how-to/server"), "127.0.0.1:0", "9", "60000", "20"},
                   {reactor_variable()});
    const std::string address = address_of(server);
    play([&](Yield& yield) {
        Client client(yield, address);
        CHECK(client.answer_to("spam") == "spam");
        server.signal(SIGTERM);
        CHECK(client.hear() == "the server cannot wait for you");
        CHECK(client.hear() == "(end)");
    });
    CHECK(server.rest() == "0 have been turned away\n3 finished, 0 failed, 0 stuck\n");
    CHECK(server.exit_code() == 0);
}

TEST_CASE("server: it listens at the path of one that was killed, and not at that of one that runs",
          "[examples][how-to]")
{
    const std::string reactor = reactor_variable();
    const std::string path = path_for_a_socket();
    const std::string address = "unix:" + path;
    {
        Process killed({example("how-to/server"), address}, {reactor});
        CHECK(address_of(killed) == address);
    }
    CHECK(std::filesystem::exists(path));
    wait_until_nobody_listens(address);
    Process server({example("how-to/server"), address}, {reactor});
    CHECK(address_of(server) == address);
    Process second({"/bin/sh", "-c", "exec \"$0\" \"$1\" 2>&1", example("how-to/server"), address},
                   {reactor});
    CHECK_THAT(second.rest(), Catch::Contains("Address already in use"));
    CHECK(second.exit_code() == 1);
    play([&](Yield& yield) {
        Client client(yield, address);
        CHECK(client.answer_to("spam") == "spam");
    });
    server.signal(SIGTERM);
    server.rest();
    CHECK(server.exit_code() == 0);
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("server: without descriptors it turns clients away, counts them, and serves the others",
          "[examples][how-to]")
{
    Process server({"/bin/sh", "-c", "ulimit -n 12; exec \"$0\"", example("how-to/server")},
                   {reactor_variable()});
    const std::string address = address_of(server);
    int turned_away = 0;
    play([&](Yield& yield) {
        std::vector<std::unique_ptr<Client>> served;
        for (int i = 0; i < 20; ++i) {
            auto client = std::make_unique<Client>(yield, address);
            if (client->is_served())
                served.push_back(std::move(client));
            else
                ++turned_away;
        }
        CHECK(turned_away > 0);
        REQUIRE(!served.empty());
        for (const auto& client : served)
            CHECK(client->answer_to("eggs") == "eggs");
    });
    server.signal(SIGTERM);
    CHECK(server.line() == std::to_string(turned_away) + " have been turned away");
}
