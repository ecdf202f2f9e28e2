// The chats among the examples, with guests who come by telnet, and with some who do not behave.
#include "tests/support/examples.hpp"
#include "tests/support/skip.hpp"

#include <cogen/cogen.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>

namespace {

using namespace cogen;

/// A guest who has come by telnet, and is asked for his name.
class Telnet {
public:
    explicit Telnet(const std::string& address)
        : process_({"/bin/sh", "-c", "exec \"$0\" 127.0.0.1 \"$1\" 2>/dev/null",
                    installed("telnet"), address.substr(address.rfind(':') + 1)})
    {
        while (!process_.line().starts_with("Escape character")) {}
    }

    void type(const std::string& text) { process_.type(text); }
    void end_input() { process_.end_input(); }

    /// A line that the chat has sent. Where the two characters of its end have come apart, telnet
    /// shows both.
    std::string line()
    {
        std::string text = process_.line();
        if (text.ends_with('\r'))
            text.pop_back();
        return text;
    }

private:
    Process process_;
};

/// One who takes part by a socket: says something, and waits until he reads it.
class Speaker {
public:
    Speaker(Yield& yield, const Endpoint& chat)
        : yield_(yield), sock_(yield(Connect(chat))), reader_(sock_, 2000)
    {}

    void say(const std::string& line) { yield_(sock_.write(line + "\r\n")); }

    /// Reads until a line contains that. Answers with the line.
    std::string hear(const std::string& text)
    {
        for (;;)
            if (const std::string line(yield_(reader_.read_line()).value());
                line.find(text) != std::string::npos)
                return line;
    }

    const Socket& sock() const { return sock_; }

private:
    Yield& yield_;
    Socket sock_;
    BufferedReader reader_;
};

constexpr int many = 8000;  // lines, which are more than what the system keeps for a connection

/// One guest speaks and hears himself, line by line, while another does not read.
void speak_beside(Speaker& speaker, Speaker& silent)
{
    speaker.say("Ann");
    speaker.hear("Ann has come");
    silent.say("Bob");
    speaker.hear("Bob has come");
    for (int i = 1; i <= many; ++i) {
        const std::string line = "line " + std::to_string(i) + ' ' + std::string(900, '.');
        speaker.say(line);
        speaker.hear(line);
    }
}

}

TEST_CASE("a chat shows all its guests the same, in one order", "[undisturbed][examples][tutorial]")
{
    if (installed("telnet").empty())
        return skip("telnet is not installed");
    const auto program =
        GENERATE(as<std::string>(), "chat", "tutorial/04_everybody", "tutorial/04_chat");
    INFO(program);
    Process server({example(program)}, {reactor_variable()});
    const std::string address = address_of(server);
    Telnet ann(address), bob(address), eve(address);
    ann.type("Ann\n");
    CHECK(ann.line() == "Your name? Ann has come");
    bob.type("Bob\n");
    CHECK(bob.line() == "Your name? Bob has come");
    eve.type("Eve\n");
    CHECK(eve.line() == "Your name? Eve has come");
    CHECK(ann.line() == "Bob has come");
    CHECK(ann.line() == "Eve has come");
    CHECK(bob.line() == "Eve has come");

    for (int round = 1; round <= 3; ++round) {
        const std::string number = std::to_string(round);
        ann.type("spam " + number + '\n');
        for (Telnet* guest : {&ann, &bob, &eve})
            CHECK(guest->line() == "Ann: spam " + number);
        eve.type("eggs " + number + "\nham\n");
        for (Telnet* guest : {&eve, &bob, &ann}) {
            CHECK(guest->line() == "Eve: eggs " + number);
            CHECK(guest->line() == "Eve: ham");
        }
    }
    bob.end_input();
    CHECK(ann.line() == "Bob has gone");
    CHECK(eve.line() == "Bob has gone");
}

TEST_CASE("chat: a guest who does not read misses something, and holds nobody up", "[examples]")
{
    Process server({example("chat")}, {reactor_variable()});
    Scheduler scheduler;
    scheduler.default_timeout(20s);
    std::string rest;
    scheduler.spawn([&, chat = Endpoint::parse(address_of(server))](Yield& yield) {
        Speaker ann(yield, chat), bob(yield, chat);
        speak_beside(ann, bob);
        yield(bob.sock().shutdown());
        std::array<char, 16384> buffer;
        while (const auto n = yield(bob.sock().read(buffer)))
            rest.append(buffer.data(), n);
        ann.hear("Bob has gone");
    });
    CHECK(scheduler.run().failed == 0);
    const auto lines = std::count(rest.begin(), rest.end(), '\n');
    CHECK(lines > 100);
    CHECK(lines < many);
}

TEST_CASE("04_chat: a guest who does not read is told how much he has missed",
          "[undisturbed][examples][tutorial]")
{
    Process server({example("tutorial/04_chat")}, {reactor_variable()});
    Scheduler scheduler;
    scheduler.default_timeout(20s);
    scheduler.spawn([&, chat = Endpoint::parse(address_of(server))](Yield& yield) {
        Speaker ann(yield, chat), bob(yield, chat);
        speak_beside(ann, bob);
        const std::string missed = bob.hear("* You have missed ");
        CHECK(bob.hear("Ann: ").find("Ann: line " + std::to_string(many - 99) + ' ') == 0);
        bob.hear("Ann: line " + std::to_string(many) + ' ');
        CHECK(std::stoi(missed.substr(18)) > 0);
        CHECK(std::stoi(missed.substr(18)) < many);
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("04_chat: who is silent for too long has to go", "[undisturbed][examples][tutorial]")
{
    if (installed("telnet").empty())
        return skip("telnet is not installed");
    Process server({example("tutorial/04_chat"), "127.0.0.1:0", "1000"}, {reactor_variable()});
    Telnet ann(address_of(server));
    ann.type("Ann\n");
    CHECK(ann.line() == "Your name? Ann has come");
    CHECK(ann.line() == "Ann has gone: timed out");
    CHECK(ann.line() == "* Goodbye");
}

TEST_CASE("04_chat: at an interrupt it takes leave of its guests, and ends", "[examples][tutorial]")
{
    if (installed("telnet").empty())
        return skip("telnet is not installed");
    Process server({example("tutorial/04_chat")}, {reactor_variable()});
    const std::string address = address_of(server);
    Telnet ann(address), nobody(address);
    ann.type("Ann\n");
    CHECK(ann.line() == "Your name? Ann has come");
    server.signal(SIGINT);
    CHECK(ann.line() == "* Goodbye");
    CHECK(server.rest() == "the chat ends\n");
    CHECK(server.exit_code() == 0);
}

TEST_CASE("a chat lets go who says too much at once, and goes on", "[examples][tutorial]")
{
    if (installed("telnet").empty())
        return skip("telnet is not installed");
    const auto [program, gone] = GENERATE(table<std::string, std::string>(
        {{"chat", "Bob has gone"}, {"tutorial/04_chat", "Bob has gone: too long"}}));
    INFO(program);
    Process server({example(program)}, {reactor_variable()});
    const std::string address = address_of(server);
    Telnet ann(address), bob(address);
    ann.type("Ann\n");
    CHECK(ann.line() == "Your name? Ann has come");
    bob.type("Bob\n");
    CHECK(ann.line() == "Bob has come");
    bob.type(std::string(5000, 'x') + '\n');
    CHECK(ann.line() == gone);
    ann.type("at last\n");
    CHECK(ann.line() == "Ann: at last");
}

TEST_CASE("04_lines: it prints the lines of each guest, and lets go who says too much at once",
          "[examples][tutorial]")
{
    if (installed("telnet").empty())
        return skip("telnet is not installed");
    Process server({"/bin/sh", "-c", "exec \"$0\" 2>&1", example("tutorial/04_lines")},
                   {reactor_variable()});
    const std::string address = address_of(server);
    Telnet ann(address), bob(address);
    ann.type("Ann\nspam\n");
    CHECK(server.line() == "Ann: spam");
    bob.type("Bob\neggs\n");
    CHECK(server.line() == "Bob: eggs");
    bob.type(std::string(5000, 'x') + '\n');
    CHECK_THAT(server.line(), Catch::Contains("failed: ReadLine(") && Catch::Contains("too long"));
    ann.type("ham\n");
    CHECK(server.line() == "Ann: ham");
    ann.end_input();
    CHECK(server.line() == "Ann has gone");
}
