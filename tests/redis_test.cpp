#include "tests/support/skip.hpp"

#include <catch2/catch.hpp>

#ifdef COGEN_WITHOUT_HIREDIS

TEST_CASE("a foreign library, hiredis, works on the words for foreign descriptors", "[redis]")
{
    skip("hiredis is not here");
}

#else

#include "examples/how-to/redis.hpp"
#include "reactors/kernel_decorator.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <numeric>
#include <optional>

using namespace cogen;

namespace {

std::string redis_program()
{
    static const std::string path = [] {
        std::string found = Process({"/bin/sh", "-c", "command -v redis-server"}).rest();
        return found.substr(0, found.find('\n'));
    }();
    return path;
}

bool no_server_here()
{
    if (redis_program().empty())
        skip("there is no redis-server");
    return redis_program().empty();
}

/// A folder that is gone with this object.
class Folder {
public:
    Folder()
    {
        const auto path = std::filesystem::temp_directory_path() / "cogen-redis-XXXXXX";
        path_ = path.string();
        REQUIRE(::mkdtemp(path_.data()) != nullptr);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// A server of our own, at a Unix socket, that keeps nothing.
class RedisServer {
public:
    RedisServer() : socket_(folder_.path() + "/socket")
    {
        process_.emplace(std::vector<std::string>{
            redis_program(), "--port", "0", "--unixsocket", socket_, "--save", "", "--appendonly",
            "no", "--dir", folder_.path(), "--daemonize", "no", "--loglevel", "notice"});
        for (int lines = 0; lines < 100; ++lines)
            if (process_->line().find("eady to accept connections") != std::string::npos)
                return;
        FAIL("redis-server says much, but not that it is ready");
    }

    redisAsyncContext* connect() const { return redisAsyncConnectUnix(socket_.c_str()); }
    const std::string& path() const { return socket_; }
    void kill() { process_.reset(); }

private:
    Folder folder_;
    std::string socket_;
    std::optional<Process> process_;
};

/// Plays on each reactor, with a server and a connection to it, where there can be a server.
void with_redis(const std::function<void(World& world, Redis& redis, RedisServer& server)>& play)
{
    World world(each_real_reactor());
    if (no_server_here())
        return;
    RedisServer server;
    Redis redis(world.scheduler, server.connect());
    play(world, redis, server);
}

void check_ends_well(Scheduler& scheduler)
{
    const Report report = scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
    CHECK(scheduler.reactor().empty());
}

}

TEST_CASE("redis: what was set can be got, also after the loop has ended and begun again",
          "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer&) {
        world.scheduler.spawn([&](Yield& yield) {
            CHECK(yield(redis.command("SET", "key", "two words")).text == "OK");
            CHECK(yield(redis.command("GET", "none")).type == REDIS_REPLY_NIL);
        });
        check_ends_well(world.scheduler);

        world.scheduler.spawn([&](Yield& yield) {
            CHECK(yield(redis.command("GET", "key")).text == "two words");
            yield(redis.command("RPUSH", "list", "spam", "eggs"));
            const Reply list = yield(redis.command("LRANGE", "list", "0", "-1"));
            REQUIRE(list.elements.size() == 2);
            CHECK(list.elements[1].text == "eggs");
        });
        check_ends_well(world.scheduler);
    });
}

TEST_CASE("redis: of many commands in flight each gets its own reply", "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer&) {
        constexpr int coroutines = 200, commands = 10;
        std::vector<int> counted(coroutines * commands + 1);
        for (int i = 0; i < coroutines; ++i)
            world.scheduler.spawn([&, name = "key" + std::to_string(i)](Yield& yield) {
                for (int j = 1; j <= commands; ++j) {
                    CHECK(yield(redis.command("INCR", name)).integer == j);
                    const auto total = yield(redis.command("INCR", "total")).integer;
                    ++counted.at(static_cast<std::size_t>(total));
                }
            });
        check_ends_well(world.scheduler);
        CHECK(counted.front() == 0);
        CHECK(
            std::all_of(counted.begin() + 1, counted.end(), [](int times) { return times == 1; }));
    });
}

TEST_CASE("redis: a value that fits into no buffer goes there and back", "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer&) {
        std::string large(8'000'000, '\0');
        std::iota(large.begin(), large.end(), '\0');
        world.scheduler.spawn([&](Yield& yield) {
            CHECK(yield(redis.command("SET", "large", large)).text == "OK");
            CHECK(yield(redis.command("GET", "large")).text == large);
        });
        world.scheduler.spawn([&](Yield& yield) {
            yield(redis.command("SET", "small", "spam"));
            CHECK(yield(redis.command("GET", "small")).text == "spam");
        });
        check_ends_well(world.scheduler);
    });
}

TEST_CASE("redis: what the server refuses is an exception, and the connection goes on", "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer&) {
        world.scheduler.spawn([&](Yield& yield) {
            yield(redis.command("SET", "word", "spam"));
            CHECK_THROWS_WITH(yield(redis.command("INCR", "word")),
                              "Redis(INCR): ERR value is not an integer or out of range");
            CHECK(yield(redis.command("GET", "word")).text == "spam");
        });
        check_ends_well(world.scheduler);
    });
}

TEST_CASE("redis: a command that takes too long times out, and its reply is nobody else's",
          "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer& server) {
        Redis other(world.scheduler, server.connect());
        world.scheduler.spawn([&](Yield& yield) {
            yield(redis.command("PING"));
            CHECK_THROWS_AS(yield(redis.command("BLPOP", "list", "0") | within(2s)), TimeoutError);
            CHECK_THROWS_AS(
                with_timeout(yield, 2s, [&] { yield(redis.command("BLPOP", "list", "0")); }),
                TimeoutError);
            yield(Sleep(1s));
            CHECK(world.scheduler.reactor().empty());  // nobody waits, and nothing is waited for
            yield(other.command("RPUSH", "list", "late", "later"));
            CHECK(yield(redis.command("ECHO", "spam")).text == "spam");
            CHECK(yield(redis.command("LLEN", "list")).integer == 0);
        });
        check_ends_well(world.scheduler);
    });
}

TEST_CASE("redis: whoever is cancelled leaves the others their replies", "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer&) {
        world.scheduler.spawn([&](Yield& yield) {
            const auto waiter = [&](Yield& y) { y(redis.command("SET", "key", "spam")); };
            const auto first = yield(Spawn(waiter));
            const auto asker =
                yield(Spawn([&](Yield& y) { return y(redis.command("ECHO", "eggs")).text; }));
            world.scheduler.cancel(
                first);  // its command is written, and the reply not yet looked for
            CHECK(yield(Join(asker)) == "eggs");
            CHECK(first.cancelled());

            // One alone, at once followed by another: the waits of the former end meanwhile.
            for (int turns = 0; turns < 8; ++turns) {
                const auto alone = yield(Spawn(waiter));
                for (int i = 0; i < turns; ++i)
                    yield(Pass());
                world.scheduler.cancel(alone);
                const std::string word = std::to_string(turns);
                CHECK(yield(redis.command("ECHO", word)).text == word);
            }
        });
        check_ends_well(world.scheduler);
    });
}

TEST_CASE("redis: a cancelled command keeps run() from returning no longer", "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer&) {
        world.scheduler.spawn([&](Yield& yield) {
            yield(redis.command("PING"));
            const auto waiter =
                yield(Spawn([&](Yield& y) { y(redis.command("BLPOP", "list", "0")); }));
            yield(Sleep(1s));
            world.scheduler.cancel(waiter);
        });
        check_ends_well(world.scheduler);
    });
}

TEST_CASE("redis: a connection that the server closes fails its commands, present and future",
          "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer& server) {
        Redis other(world.scheduler, server.connect());
        const bool while_idle = GENERATE(false, true);
        world.scheduler.spawn([&](Yield& yield) {
            yield(redis.command("PING"));
            const auto waiter = yield(Spawn([&](Yield& y) {
                if (!while_idle)
                    CHECK_THROWS_AS(y(redis.command("BLPOP", "list", "0")), EndOfStream);
            }));
            const std::string blocked = while_idle ? "blocked_clients:0" : "blocked_clients:1";
            const auto server_says = [&] { return yield(other.command("INFO", "clients")).text; };
            for (int i = 0; i < 1000 && server_says().find(blocked) == std::string::npos; ++i) {}
            yield(other.command("CLIENT", "KILL", "SKIPME", "yes"));
            yield(Join(waiter));
            CHECK_THROWS_AS(yield(redis.command("PING")), EndOfStream);
            CHECK_THROWS_AS(yield(redis.command("PING")), EndOfStream);
            CHECK(yield(other.command("ECHO", "spam")).text == "spam");
        });
        check_ends_well(world.scheduler);
    });
}

TEST_CASE("redis: a server that dies fails all that wait for it", "[redis]")
{
    with_redis([](World& world, Redis& redis, RedisServer& server) {
        int begun = 0, failed = 0;
        for (int i = 0; i < 10; ++i)
            world.scheduler.spawn([&](Yield& yield) {
                yield(redis.command("PING"));
                if (++begun == 10)
                    server.kill();
                failed += error_of(yield, redis.command("BLPOP", "list", "0")).failed();
            });
        check_ends_well(world.scheduler);
        CHECK(failed == 10);
    });
}

TEST_CASE("redis: a connection that ends before its commands ends them", "[redis]")
{
    World world(each_real_reactor());
    if (no_server_here())
        return;
    const RedisServer server;
    std::optional<Redis> redis(std::in_place, world.scheduler, server.connect());
    const int turns = GENERATE(0, 1, 2, 5);
    const auto waiter = [&](Yield& yield) {
        CHECK(error_of(yield, redis->command("BLPOP", "list", "0")) == errc::closed);
    };
    world.scheduler.spawn(waiter);
    world.scheduler.spawn(waiter);
    world.scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < turns; ++i)
            yield(Pass());
        redis.reset();
    });
    check_ends_well(world.scheduler);
}

TEST_CASE("redis: a new connection may have the descriptor's number of one that has just ended",
          "[redis]")
{
    World world(each_real_reactor());
    if (no_server_here())
        return;
    const RedisServer server;
    std::optional<Redis> redis;
    world.scheduler.spawn([&](Yield& yield) {
        for (int turns = 0; turns < 8; ++turns) {
            redis.emplace(world.scheduler, server.connect());
            const auto waiter = yield(Spawn([&](Yield& y) {
                CHECK(error_of(y, redis->command("BLPOP", "list", "0")) == errc::closed);
            }));
            for (int i = 0; i < turns; ++i)
                yield(Pass());
            redis.reset();
            redis.emplace(world.scheduler, server.connect());
            CHECK(yield(redis->command("ECHO", "spam")).text == "spam");
            yield(Join(waiter));
            redis.reset();
        }
    });
    check_ends_well(world.scheduler);
}

TEST_CASE("redis: a scheduler may end while commands are in flight", "[redis]")
{
    World world(each_real_reactor());
    if (no_server_here())
        return;
    const RedisServer server;
    bool left = false;
    {
        Scheduler scheduler(reactor_named(world.name, *world.kernel));
        scheduler.spawn([&](Yield& yield) {
            Redis redis(scheduler, server.connect());
            yield(redis.command("PING"));
            scheduler.stop();
            try {
                yield(redis.command("BLPOP", "list", "0"));
            } catch (const Cancelled&) {
                left = true;
                throw;
            }
        });
        scheduler.run();
        CHECK_FALSE(left);
    }
    CHECK(left);
}

TEST_CASE("redis: where no server is, the commands fail with the system's reason", "[redis]")
{
    World world(each_real_reactor());
    Redis no_port(world.scheduler, redisAsyncConnect("127.0.0.1", 1));
    Redis no_path(world.scheduler, redisAsyncConnectUnix("/no/such/socket"));
    world.scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 2; ++i) {
            CHECK(error_of(yield, no_port.command("PING")).value() == ECONNREFUSED);
            CHECK(error_of(yield, no_path.command("PING")).value() == ENOENT);
        }
        CHECK_THROWS_WITH(yield(no_port.command("PING")),
                          Catch::StartsWith("Redis(PING): Connection refused"));
    });
    check_ends_well(world.scheduler);
}

TEST_CASE("redis: where the descriptor cannot be waited for, the commands say so", "[redis]")
{
    struct CannotPoll final : KernelDecorator {
        using KernelDecorator::KernelDecorator;
        int poll(std::span<pollfd>, Duration) override { return -ENOMEM; }
    };
    CannotPoll kernel(system_kernel());
    Scheduler scheduler(make_reactor({}, kernel));
    Redis redis(scheduler, redisAsyncConnect("127.0.0.1", 1));
    scheduler.spawn(
        [&](Yield& yield) { CHECK(error_of(yield, redis.command("PING")).value() == ENOMEM); });
    check_ends_well(scheduler);
}

TEST_CASE("redis: a reply may come byte by byte, or end in the middle, or be none at all",
          "[redis]")
{
    World world(each_real_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen(Endpoint("127.0.0.1", 0)));
        Redis redis(world.scheduler, redisAsyncConnect("127.0.0.1", listener.endpoint().port()));
        const std::string answer = GENERATE("$4\r\nspam\r\n", "$4\r\nsp", "HTTP/1.1 400\r\n");
        const auto server = yield(Spawn([&](Yield& y) {
            const Socket socket = y(listener.accept());
            std::array<char, 100> command;
            y(socket.read(command));
            for (const char& byte : answer) {
                y(socket.write({&byte, 1}));
                y(Sleep(1s));
            }
        }));
        Reply reply;
        const error_code error = [&] {
            auto [failure, value] = yield(redis.command("PING") | as_tuple);
            reply = value;
            return failure;
        }();
        if (answer.ends_with("spam\r\n"))
            CHECK(reply.text == "spam");
        else if (answer.ends_with("sp"))
            CHECK(error == errc::end_of_stream);
        else
            CHECK(error.value() == EPROTO);
        world.scheduler.cancel(server);
    });
    check_ends_well(world.scheduler);
}

TEST_CASE("how-to/redis: two visitors are counted", "[undisturbed][redis][examples]")
{
    if (no_server_here())
        return;
    const RedisServer server;
    const char* const folder = std::getenv("COGEN_EXAMPLES");
    Process visit(
        {(folder ? folder : "build/examples") + std::string("/how-to/redis"), server.path()});
    CHECK(visit.rest()
          == "Alice is number 1\nBob is number 2\nAlice is number 3\nBob is number 4\n"
             "Alice is number 5\nBob is number 6\n");
    CHECK(visit.exit_code() == 0);
}

#endif
