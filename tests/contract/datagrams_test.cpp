// What is received of what was sent, one datagram at a time.
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <functional>

using namespace cogen;

namespace {

/// Where datagrams can arrive: once for each kind of address.
Endpoint each_local_endpoint()
{
    static int last = 0;
    const int kind = GENERATE(0, 1, 2);
    if (kind == 2)
        return unix_endpoint("datagrams-" + std::to_string(++last));
    return {kind == 0 ? "127.0.0.1" : "::1", 0};
}

/// The same, but of the network alone.
Endpoint each_network_endpoint()
{
    const std::string address = GENERATE(as<std::string>(), "127.0.0.1", "::1");
    return {address, 0};
}

/// A socket that has an address of the kind of `endpoint`, and another one.
DatagramSocket another(Yield& yield, const Endpoint& endpoint)
{
    static int last = 0;
    if (endpoint.is_unix())
        return yield(BindDatagram(unix_endpoint("another-" + std::to_string(++last))));
    return yield(BindDatagram(endpoint));
}

/// What the next datagram says.
std::string received(Yield& yield, const DatagramSocket& socket)
{
    std::array<char, 100> buffer;
    const Datagram datagram = yield(socket.receive_from(buffer) | within(1h));
    CHECK_FALSE(datagram.truncated);
    return {buffer.data(), datagram.size};
}

/// Plays with two sockets on a reactor, once for each kind of address.
void with_two(const std::string& reactor,
              const std::function<void(Yield& yield, const DatagramSocket& server,
                                       const DatagramSocket& client)>& play)
{
    World world(reactor);
    const Endpoint endpoint = each_local_endpoint();
    world.scheduler.spawn([&](Yield& yield) {
        const DatagramSocket server = yield(BindDatagram(endpoint));
        const DatagramSocket client = another(yield, endpoint);
        play(yield, server, client);
    });
    CHECK(world.scheduler.run().failed == 0);
}

/// Sends until there is no room; answers with how many have gone.
int fill(Yield& yield, const DatagramSocket& socket)
{
    for (int count = 0;; ++count)
        if (const auto [error, size] = yield(socket.send("spam") | within(0s) | as_tuple); error)
            return count;
}

/// Counts how often somebody attempts.
struct Attempts final : Instrument {
    int count = 0;
    void attempted(const IoOperation&, ssize_t) noexcept override { ++count; }
};

}

TEST_CASE("a datagram arrives with the address of its sender, who can be answered",
          "[contract][datagrams]")
{
    with_two(each_reactor(), [](Yield& yield, auto& server, auto& client) {
        const auto answers = yield(Spawn([&](Yield& y) {
            std::array<char, 100> buffer;
            for (int i = 0; i < 2; ++i) {
                const Datagram asked = y(server.receive_from(buffer));
                CHECK(asked.sender == client.local_endpoint());
                CHECK(y(server.send_to({buffer.data(), asked.size}, asked.sender)) == asked.size);
            }
        }));
        for (const std::string word : {"spam", "eggs"}) {
            CHECK(yield(client.send_to(word, server.local_endpoint())) == 4);
            CHECK(received(yield, client) == word);
        }
        yield(Join(answers));
    });
}

TEST_CASE("a socket connected with a peer sends to it, and hears of no other",
          "[contract][datagrams]")
{
    World world(each_reactor());
    const Endpoint endpoint = each_network_endpoint();
    world.scheduler.spawn([&](Yield& yield) {
        const DatagramSocket server = yield(BindDatagram(endpoint));
        const DatagramSocket stranger = yield(BindDatagram(endpoint));
        const DatagramSocket client = yield(ConnectDatagram(server.local_endpoint()));
        CHECK(client.remote_endpoint() == server.local_endpoint());
        CHECK(yield(client.send("spam")) == 4);
        CHECK(received(yield, server) == "spam");
        yield(stranger.send_to("not for you", client.local_endpoint()));
        yield(server.send_to("eggs", client.local_endpoint()));
        CHECK(received(yield, client) == "eggs");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a socket may be connected, and have an address that was asked for",
          "[contract][datagrams]")
{
    World world(each_reactor());
    const Endpoint endpoint = each_local_endpoint();
    world.scheduler.spawn([&](Yield& yield) {
        const DatagramSocket server = yield(BindDatagram(endpoint));
        const Endpoint local = endpoint.is_unix() ? unix_endpoint("asked-for") : endpoint;
        const DatagramSocket client = yield(ConnectDatagram(server.local_endpoint(), local));
        yield(client.send("spam"));
        std::array<char, 100> buffer;
        const Datagram asked = yield(server.receive_from(buffer));
        CHECK(asked.sender == client.local_endpoint());
        yield(server.send_to("eggs", asked.sender));
        CHECK(received(yield, client) == "eggs");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a datagram longer than the buffer is cut, and says so; the next one is not",
          "[contract][datagrams]")
{
    with_two(each_reactor(), [](Yield& yield, auto& server, auto& client) {
        for (const std::string word : {"spam and eggs", "ham"})
            yield(client.send_to(word, server.local_endpoint()));
        std::array<char, 4> buffer;
        const Datagram cut = yield(server.receive_from(buffer));
        CHECK(cut.truncated);
        CHECK(cut.size == 4);
#ifdef __linux__
        CHECK(cut.full_size == 13);
#endif
        CHECK(std::string(buffer.data(), cut.size) == "spam");
        CHECK(received(yield, server) == "ham");
    });
}

TEST_CASE("an empty datagram is one, and no end; so is one for which there is no room",
          "[contract][datagrams]")
{
    with_two(each_reactor(), [](Yield& yield, auto& server, auto& client) {
        const auto reader = yield(Spawn([&](Yield& y) { return received(y, server); }));
        yield(Sleep(1s));
        CHECK(yield(client.send_to("", server.local_endpoint())) == 0);
        CHECK(yield(Join(reader)).empty());
        for (const std::string word : {"", "spam", "eggs"})
            yield(client.send_to(word, server.local_endpoint()));
        CHECK(received(yield, server).empty());
        const Datagram nothing = yield(server.receive_from({nullptr, 0}));
        CHECK(nothing.size == 0);
        CHECK(nothing.truncated);
        CHECK(received(yield, server) == "eggs");
    });
}

TEST_CASE("short datagrams that came together are received one after the other",
          "[contract][datagrams]")
{
    with_two(each_reactor(), [](Yield& yield, auto& server, auto& client) {
        const auto reader = yield(Spawn([&](Yield& y) {
            std::string all;
            for (int i = 0; i < 6; ++i)
                all += received(y, server);
            return all;
        }));
        for (int round = 0; round < 2; ++round) {
            yield(Sleep(1s));  // the reader waits
            for (const std::string word : {"a", "b", "c"})
                yield(client.send_to(word, server.local_endpoint()));
        }
        CHECK(yield(Join(reader)) == "abcabc");
    });
}

TEST_CASE("that nobody is there is told to who waits, and to who sends, and the socket works on",
          "[contract][datagrams]")
{
    World world(each_reactor());
    const Endpoint endpoint = each_network_endpoint();
    world.scheduler.spawn([&](Yield& yield) {
        Endpoint nobody;
        {
            const DatagramSocket gone = yield(BindDatagram(endpoint));
            nobody = gone.local_endpoint();
        }
        const DatagramSocket client = yield(ConnectDatagram(nobody));
        std::array<char, 100> buffer;
        const auto reader = yield(
            Spawn([&](Yield& y) { return error_of(y, client.receive_from(buffer)).value(); }));
        yield(Sleep(1s));  // the reader waits
        yield(client.send("anybody there?"));
        CHECK(yield(Join(reader)) == ECONNREFUSED);

        yield(client.send("anybody there?"));
        yield(Sleep(1s));
        CHECK(error_of(yield, client.send("really nobody?")).value() == ECONNREFUSED);

        const DatagramSocket server = yield(BindDatagram(nobody));
        yield(client.send("spam"));
        CHECK(received(yield, server) == "spam");
        yield(server.send_to("eggs", client.local_endpoint()));
        CHECK(received(yield, client) == "eggs");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a datagram that is too long is an error that says how long, and to whom",
          "[contract][datagrams]")
{
    World world(each_reactor());
    const Endpoint endpoint = each_network_endpoint();
    world.scheduler.spawn([&](Yield& yield) {
        const DatagramSocket server = yield(BindDatagram(endpoint));
        const std::string much(70'000, 'x');
        try {
            yield(server.send_to(much, server.local_endpoint()));
            FAIL("it has gone");
        } catch (const system_error& error) {
            CHECK(error.code().value() == EMSGSIZE);
            CHECK_THAT(error.what(),
                       Catch::Contains("70000 bytes to " + to_string(server.local_endpoint())));
        }
        yield(server.send_to("spam", server.local_endpoint()));
        CHECK(received(yield, server) == "spam");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("to send to nobody in particular is an error where no peer is known",
          "[contract][datagrams]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const DatagramSocket socket = yield(BindDatagram({"127.0.0.1", 0}));
        CHECK(error_of(yield, socket.send("spam")).value() == EDESTADDRREQ);
        const Endpoint nobody = unix_endpoint("no-datagrams");
        CHECK(error_of(yield, ConnectDatagram(nobody)).value() == ECONNREFUSED);
        const DatagramSocket local = yield(BindDatagram(unix_endpoint("some-datagrams")));
        CHECK(error_of(yield, local.send_to("spam", nobody)).value() == ECONNREFUSED);
        CHECK(error_of(yield, BindDatagram(local.local_endpoint())).value() == EADDRINUSE);
        CHECK(error_of(yield, DatagramSocket().send("spam")).value() == EBADF);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who is timed out, cancelled or refused has received nothing", "[contract][datagrams]")
{
    with_two(each_reactor(), [](Yield& yield, auto& server, auto& client) {
        std::array<char, 100> buffer;
        CHECK_THROWS_AS(yield(server.receive_from(buffer) | within(1s)), TimeoutError);
        const auto reader = yield(Spawn([&](Yield& y) { return received(y, server); }));
        CHECK_THROWS_AS(yield(server.receive_from(buffer)), SimultaneousError);
        yield(Sleep(1s));
        yield.scheduler().cancel(reader);
        yield(Join(reader) | as_tuple);
        yield(client.send_to("spam", server.local_endpoint()));
        CHECK(received(yield, server) == "spam");
    });
}

TEST_CASE("who waits for a datagram when its socket is closed is told so", "[contract][datagrams]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        DatagramSocket socket = yield(BindDatagram({"127.0.0.1", 0}));
        std::array<char, 100> buffer;
        const auto reader =
            yield(Spawn([&](Yield& y) { return error_of(y, socket.receive_from(buffer)); }));
        yield(Sleep(1s));
        yield(socket.close());
        CHECK(yield(Join(reader)) == errc::closed);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who sends to the other half of a pair that is closed is told so",
          "[contract][datagrams]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = datagram_pair(yield.scheduler());
        yield(there.send("spam"));
        yield(there.close());
        const error_code first = error_of(yield, here.send("eggs"));
        CHECK(first.failed());
        const error_code second = error_of(yield, here.send("eggs"));
        CHECK(second.failed());
#ifdef __linux__
        CHECK(first.value() == ECONNREFUSED);
        CHECK(second.value() == ENOTCONN);
        std::array<char, 4> buffer;  // which stays empty: what had come is gone
        CHECK(error_of(yield, here.receive_from(buffer) | within(1s)) == errc::timed_out);
#endif
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who sends to a connected peer that lags behind waits for room", "[contract][datagrams]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = datagram_pair(yield.scheduler());
        const int sent = fill(yield, here);
        CHECK(sent > 0);
        const auto writer = yield(Spawn([&here = here](Yield& y) { return y(here.send("last")); }));
        yield(Sleep(1s));
        CHECK_FALSE(writer.finished());
        for (int i = 0; i < sent; ++i)
            CHECK(received(yield, there) == "spam");
        CHECK(received(yield, there) == "last");
        CHECK(yield(Join(writer)) == 4);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who sends to a peer that lags behind, and is not connected with it, is told so at once",
          "[contract][datagrams]")
{
    World world(each_reactor());
    Attempts attempts;
    world.scheduler.attach(attempts);
    world.scheduler.spawn([&](Yield& yield) {
        const DatagramSocket server = yield(BindDatagram(unix_endpoint("lags-behind")));
        const DatagramSocket client = yield(BindDatagram(unix_endpoint("hurries")));
        error_code error;
        int sent = 0;
        while (!error) {
            error = error_of(yield, client.send_to("spam", server.local_endpoint()) | within(1h));
            sent += !error;
        }
        CHECK(error.value() == ENOBUFS);
        CHECK(attempts.count < 2 * sent + 10);
        for (int i = 0; i < sent; ++i)
            CHECK(received(yield, server) == "spam");
        yield(client.send_to("eggs", server.local_endpoint()));
        CHECK(received(yield, server) == "eggs");
    });
    CHECK(world.scheduler.run().failed == 0);
    world.scheduler.detach(attempts);
}
