// The servers among the examples, each with the clients that people use.
#include "tests/support/examples.hpp"
#include "tests/support/skip.hpp"

#include <cogen/cogen.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <unistd.h>

namespace {

using Catch::Contains;
namespace fs = std::filesystem;

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nHello, world!\n";
const std::string last_hello =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 14\r\n\r\nHello, world!\n";

/// What a server answers to these bytes, up to the end of the connection. A shell sends them, in
/// one piece.
std::string answer_to(const std::string& request, const std::string& address)
{
    const std::string port = address.substr(address.rfind(':') + 1);
    const std::string script = "exec 3<>/dev/tcp/127.0.0.1/$0; printf %s \"$1\" >&3; cat <&3";
    Process shell({installed("bash"), "-c", script, port, request});
    return shell.rest();
}

std::string curl(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {installed("curl"), "-sS", "--max-time", "20"});
    Process client(std::move(arguments));
    const std::string said = client.rest();
    CHECK(client.exit_code() == 0);
    return said;
}

/// Files to be served, and one beside them that must not be. They go with this.
class Files {
public:
    Files()
    {
        std::string large;
        for (int i = 0; large.size() < 20'000'000; ++i)
            large += std::to_string(i) + ' ';
        fs::create_directories(folder() + "/sub");
        std::ofstream(folder() + "/sub/large") << large;
        std::ofstream(folder() + "/empty");
        std::ofstream(top_ / "secret") << "eggs\n";
        fs::create_symlink("../secret", folder() + "/link");
    }
    ~Files() { fs::remove_all(top_); }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    std::string folder() const { return top_ / "served"; }
    std::string fetched() const { return top_ / "fetched"; }

private:
    fs::path top_ = fs::temp_directory_path() / ("cogen-files-" + std::to_string(::getpid()));
};

std::string content_of(const std::string& file)
{
    std::ostringstream content;
    content << std::ifstream(file).rdbuf();
    return content.str();
}

}

TEST_CASE("http_hello: curl is greeted, several times on one connection", "[examples][http]")
{
    if (installed("curl").empty())
        return skip("curl is not installed");
    Process server({example("http_hello")}, {reactor_variable()});
    const std::string page = "http://" + address_of(server) + "/";
    CHECK(curl({"-w", "%{http_code} %{num_connects}\n", page, page, page})
          == "Hello, world!\n200 1\nHello, world!\n200 0\nHello, world!\n200 0\n");
    CHECK(curl({"-i", page}) == hello);
    CHECK(curl({"-i", "--http1.0", page}) == last_hello);
    CHECK(curl({"-i", "-H", "Connection: close", page}) == last_hello);
}

TEST_CASE("http_hello: curl is told what it will not have", "[examples][http]")
{
    if (installed("curl").empty())
        return skip("curl is not installed");
    Process server({example("http_hello")}, {reactor_variable()});
    const std::string page = "http://" + address_of(server) + "/";
    CHECK(curl({"-w", "%{http_code}", "-d", "spam=eggs", page}) == "405");
    CHECK(curl({"-w", "%{http_code}", "-H", "Long: " + std::string(40'000, 'x'), page}) == "431");
    CHECK(curl({page}) == "Hello, world!\n");
}

TEST_CASE("http_hello: requests that come in one piece are answered in their order",
          "[examples][http]")
{
    if (installed("bash").empty())
        return skip("bash is not installed");
    Process server({example("http_hello")}, {reactor_variable()});
    const std::string address = address_of(server);
    CHECK(answer_to("GET / HTTP/1.1\r\nHost: spam\r\n\r\nGET /eggs HTTP/1.1\r\n\r\n"
                    "GET / HTTP/1.1\r\nHost: spam\r\nconnection: Close\r\n\r\n",
                    address)
          == hello + hello + last_hello);
    CHECK(answer_to("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\nGET / HTTP/1.1\r\n\r\n", address)
          == hello + last_hello);
}

TEST_CASE("http_hello: wrk measures it, and finds no error", "[examples][http]")
{
    if (installed("wrk").empty())
        return skip("wrk is not installed");
    Process server({example("http_hello")}, {reactor_variable()});
    Process wrk({installed("wrk"), "-t1", "-c16", "-d1s", "http://" + address_of(server) + "/"});
    const std::string told = wrk.rest();
    CHECK_THAT(told, Contains(" requests in ") && !Contains("\n  0 requests in "));
    CHECK_THAT(told, !Contains("Socket errors") && !Contains("Non-2xx"));
    CHECK(wrk.exit_code() == 0);
}

TEST_CASE("proxy: it prints what curl and http_hello say to each other",
          "[undisturbed][examples][http]")
{
    if (installed("curl").empty())
        return skip("curl is not installed");
    const std::string reactor = reactor_variable();
    Process server({example("http_hello")}, {reactor});
    Process proxy({example("proxy"), address_of(server)}, {reactor});
    const std::string address = address_of(proxy);
    for (int visit = 0; visit < 2; ++visit) {
        CHECK(curl({"-A", "me", "-H", "Accept:", "http://" + address + "/spam"})
              == "Hello, world!\n");
        const std::vector<std::string> lines{"-> GET /spam HTTP/1.1",
                                             "-> Host: " + address,
                                             "-> User-Agent: me",
                                             "-> ",
                                             "<- HTTP/1.1 200 OK",
                                             "<- Content-Length: 14",
                                             "<- ",
                                             "<- Hello, world!",
                                             "-> (end)",
                                             "<- (end)"};
        for (const std::string& line : lines)
            CHECK(proxy.line() == line);
    }
}

TEST_CASE("proxy: it passes on that one side has finished, and lets the other go on",
          "[undisturbed][examples]")
{
    using namespace cogen;
    const std::string reactor = reactor_variable();
    std::string answer;
    Scheduler scheduler;
    scheduler.default_timeout(20s);
    scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        Process proxy({example("proxy"), to_string(listener.endpoint())}, {reactor});
        const Socket client = yield(Connect(Endpoint::parse(address_of(proxy))));
        yield(client.write("spam"));
        yield(client.shutdown());

        Socket server = yield(listener.accept() | within(20s));
        std::array<char, 100> buffer;
        CHECK(yield(server.read(buffer)) == 4);
        CHECK(yield(server.read(buffer)) == 0);
        yield(server.write("eggs"));
        yield(server.close());
        answer.assign(buffer.data(), yield(client.read(buffer)));
        CHECK(yield(client.read(buffer)) == 0);
        for (const char* const line : {"-> spam", "-> (end)", "<- eggs", "<- (end)"})
            CHECK(proxy.line() == line);
    });
    CHECK(scheduler.run().failed == 0);
    CHECK(answer == "eggs");
}

TEST_CASE("proxy: a reset on one side ends the other", "[examples]")
{
    using namespace cogen;
    const std::string reactor = reactor_variable();
    Scheduler scheduler;
    scheduler.default_timeout(20s);
    scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        Process proxy({example("proxy"), to_string(listener.endpoint())}, {reactor});
        const Socket client = yield(Connect(Endpoint::parse(address_of(proxy))));
        Socket server = yield(listener.accept() | within(20s));
        yield(server.write("x"));
        std::array<char, 1> buffer;
        yield(client.read_exactly(buffer));  // so that the proxy is connected on both sides
        CHECK(proxy.line() == "<- x");
        server.options().linger(0s);
        yield(server.close());
        const auto [error, count] = yield(client.read(buffer) | as_tuple);
        CHECK(error != errc::timed_out);
        CHECK(count == 0);
        CHECK_THAT(proxy.line(), Contains("<- Read(") && Contains("Connection reset by peer"));
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("proxy: where there is no server, the client is let go", "[examples]")
{
    if (installed("bash").empty())
        return skip("bash is not installed");
    Process proxy({"/bin/sh", "-c", "exec \"$0\" 127.0.0.1:1 2>&1", example("proxy")},
                  {reactor_variable()});
    const std::string address = address_of(proxy);
    for (int visit = 0; visit < 2; ++visit) {
        CHECK(answer_to("", address) == "");
        CHECK_THAT(proxy.line(), Contains("Connect(") && Contains("Connection refused"));
    }
}

TEST_CASE("files: curl fetches twenty megabytes, byte for byte", "[examples][http]")
{
    if (installed("curl").empty())
        return skip("curl is not installed");
    const Files files;
    Process server({example("files"), files.folder()}, {reactor_variable()});
    const std::string top = "http://" + address_of(server);
    CHECK(curl({"-o", files.fetched(), "-w", "%{http_code} %header{content-length}",
                top + "/sub/large"})
          == "200 " + std::to_string(fs::file_size(files.folder() + "/sub/large")));
    CHECK((content_of(files.fetched()) == content_of(files.folder() + "/sub/large")));
    CHECK(curl({"-i", top + "/empty"})
          == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    CHECK(curl({"-I", top + "/sub/large"})
          == "HTTP/1.1 200 OK\r\nContent-Length: "
                 + std::to_string(fs::file_size(files.folder() + "/sub/large"))
                 + "\r\nConnection: close\r\n\r\n");
}

TEST_CASE("files: what is no file below the folder is not found", "[examples][http]")
{
    if (installed("curl").empty())
        return skip("curl is not installed");
    const Files files;
    Process server({example("files"), files.folder()}, {reactor_variable()});
    const std::string top = "http://" + address_of(server);
    for (const std::string path : {"/", "/sub", "/spam", "/../secret", "/sub/../../secret", "/link",
                                   "//etc/passwd", "/%2e%2e/secret", "/empty/spam"}) {
        INFO(path);
        CHECK(curl({"--path-as-is", "-w", "%{http_code}", top + path}) == "404");
    }
    CHECK(curl({"-X", "DELETE", "-w", "%{http_code}", top + "/empty"}) == "405");
    CHECK(fs::exists(files.folder() + "/empty"));
}

TEST_CASE("hammer: whatever the reactors, all comes back as it was sent", "[examples]")
{
    std::size_t bytes = 0;
    for (unsigned seed = 0; seed < 50; ++seed) {
        std::mt19937 random(seed);
        for (int i = 0; i < 20; ++i) {
            const std::size_t size = random() % 20'000 + 1;
            random.discard(size);
            bytes += size;
        }
    }
    Process server({example("echo_server")}, {reactor_variable()});
    const std::string address = address_of(server);
    for (const std::string& reactor : reactor_variables()) {
        Process hammer({example("hammer"), address, "50", "20"}, {reactor});
        CHECK(hammer.line() == "1000 messages, " + std::to_string(bytes) + " bytes have come back");
        CHECK(hammer.rest() == "100 finished, 0 failed, 0 stuck\n");
        CHECK(hammer.exit_code() == 0);
    }
}

TEST_CASE("hammer: it notices a byte that comes back changed", "[examples]")
{
    using namespace cogen;
    std::string told;
    Scheduler scheduler;
    scheduler.default_timeout(20s);
    scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        Process hammer({example("hammer"), to_string(listener.endpoint()), "1", "3"});
        const Socket sock = yield(listener.accept() | within(20s));
        std::array<char, 4096> buffer;
        std::size_t count = yield(sock.read(buffer));
        buffer[count / 2] = static_cast<char>(~buffer[count / 2]);
        while (count > 0) {
            yield(sock.write({buffer.data(), count}) | as_tuple);
            count = std::get<1>(yield(sock.read(buffer) | as_tuple));
        }
        told = hammer.rest();
        CHECK(hammer.exit_code() == 1);
    });
    CHECK(scheduler.run().failed == 0);
    CHECK_THAT(told, Catch::StartsWith("0 messages, ")
                         && Contains("other bytes have come back than were sent"));
}
