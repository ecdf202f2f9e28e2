// The test of a server: its network is in memory, and its clock jumps when all sleep.
#include "examples/how-to/expect.hpp"
#include "examples/how-to/greeter.hpp"

#include <reactors/fake_kernel.hpp>

#include <array>
#include <string>
#include <vector>

using namespace cogen;

// [world]
/// A scheduler in a world of its own, for one test.
struct World {
    FakeKernel kernel;
    std::vector<std::string> failures;  // of coroutines that nobody waits for
    Scheduler scheduler{make_reactor("poll", kernel)};

    World()
    {
        scheduler.on_exception(
            [this](const Record&, std::exception_ptr why) { failures.push_back(message_of(why)); });
    }

    /// Has `client` meet the server, for an hour at most.
    template <class Client>
    void meet(Client client)
    {
        scheduler.spawn([client](Yield& yield) {
            yield(Spawn(serve, yield(Listen({"127.0.0.1", 80}))));
            client(yield, yield(Connect({"127.0.0.1", 80})));
        });
        scheduler.run_for(1h);
    }
};

/// All that the other says, until it closes.
std::string read_all(Yield& yield, const Socket& sock)
{
    std::string all;
    std::array<char, 80> buffer;
    while (auto count = yield(sock.read(buffer)))
        all.append(buffer.data(), count);
    return all;
}
// [/world]

// [greets]
void test_greets()
{
    World world;
    std::string said;
    world.meet([&](Yield& yield, const Socket& sock) {
        yield(sock.write("Ari"));
        yield(Sleep(29s));
        yield(sock.write("ane\n"));
        said = read_all(yield, sock);
    });
    expect(said == "Who are you?\nHello, Ariane!\n", "a name may come in pieces");
    expect(world.failures.empty(), "and nothing fails");
}
// [/greets]

// [silent]
void test_silent()
{
    World world;
    std::string said;
    Duration passed{};
    world.meet([&](Yield& yield, const Socket& sock) {
        const TimePoint start = world.scheduler.now();
        said = read_all(yield, sock);
        passed = world.scheduler.now() - start;
    });
    expect(said == "Who are you?\nToo late.\n", "who is silent is sent away");
    expect(passed == 30s, "after half a minute, to the nanosecond");
}
// [/silent]

// [drips]
void test_drips()
{
    World world;
    Duration passed{};
    world.meet([&](Yield& yield, const Socket& sock) {
        const TimePoint start = world.scheduler.now();
        for (int i = 0; i < 10; ++i) {
            yield(sock.write("x"));
            yield(Sleep(2s));
        }
        read_all(yield, sock);
        passed = world.scheduler.now() - start;
    });
    expect(passed == 30s, "and so is who says a byte now and then");
}
// [/drips]

// [closes]
void test_closes_early()
{
    World world;
    std::string said;
    world.meet([&](Yield& yield, Socket sock) {
        yield(sock.write("Soy"));
        yield(sock.close());
        Socket next = yield(Connect({"127.0.0.1", 80}));
        yield(next.write("Ariane\n"));
        said = read_all(yield, next);
    });
    expect(world.failures.size() == 1, "who closes in the middle of a line is a failure");
    expect(said == "Who are you?\nHello, Ariane!\n", "and the next is served as ever");
}
// [/closes]

int main()
{
    test_greets();
    test_silent();
    test_drips();
    test_closes_early();
    return failures;
}
