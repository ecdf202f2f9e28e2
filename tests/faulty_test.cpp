// What FaultyKernel, FaultyReactor and a faulty ring do, and that no more comes of it than they
// say.
#include "tests/support/descriptors.hpp"
#include "tests/support/faulty.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/fake_kernel.hpp"
#include "reactors/faulty_ring.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

using namespace cogen;
using Kind = Faults::Kind;

namespace {

/// The same letters for the same name.
std::string letters(int name, std::size_t count)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += static_cast<char>('a' + (static_cast<std::size_t>(name) + i * i) % 26);
    return all;
}

/// Serves all who come, until the end of its scheduler; who is reset is let go.
void serve(Yield& yield, Listener& listener)
{
    for (;;)
        yield(Spawn(
            [](Yield& y, Socket socket) {
                try {
                    echo(y, std::move(socket));
                } catch (const system_error& error) {
                    CHECK((error.code().value() == ECONNRESET || error.code().value() == EPIPE));
                }
            },
            yield(listener.accept())));
}

/// Says something, which comes back, or as much of it as comes before a reset.
void talk(Yield& yield, const Endpoint& server, int name, std::size_t& heard)
{
    const std::string said = letters(name, 300);
    std::string all;
    std::array<char, 100> buffer;
    try {
        const Socket socket = yield(Connect(server));
        yield(socket.write(said));
        while (all.size() < said.size()) {
            const std::size_t count = yield(socket.read(buffer));
            if (count == 0)
                break;
            all.append(buffer.data(), count);
        }
    } catch (const system_error& error) {
        CHECK((error.code().value() == ECONNRESET || error.code().value() == EPIPE));
    }
    CHECK(all == said.substr(0, all.size()));
    heard += all.size();
}

constexpr int guests = 60;

/// So many guests talk to one server. Answers with how many bytes they have heard.
std::size_t party(Scheduler& scheduler)
{
    std::size_t heard = 0;
    scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const Handle<> server = yield(Spawn([&](Yield& y) { serve(y, listener); }));
        std::vector<Handle<>> all;
        for (int name = 0; name < guests; ++name)
            all.push_back(
                yield(Spawn([&, name](Yield& y) { talk(y, listener.endpoint(), name, heard); })));
        for (const Handle<>& guest : all)
            yield(Join(guest));
        scheduler.cancel(server);
    });
    const Report report = scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
    return heard;
}

/// Those of them that have never happened.
std::vector<int> missing(const Faults& faults, std::initializer_list<Kind> kinds)
{
    std::vector<int> none;
    for (const Kind kind : kinds)
        if (faults.count(kind) == 0)
            none.push_back(static_cast<int>(kind));
    return none;
}

std::string each_inner_reactor()
{
    const std::string name = each_system_reactor();
    UNSCOPED_INFO("faults around " << name << ", COGEN_FAULTS=" << seed_of_faults());
    return name;
}

}

TEST_CASE("each fault happens around a reactor, and everything comes to its end, whole", "[faults]")
{
    const std::string name = each_inner_reactor();
    auto reactor = std::make_unique<FaultyReactor>(make_reactor(name), Faults(seed_of_faults()));
    const Faults& faults = reactor->faults();
    CHECK(reactor->name() == "faulty-" + name);
    for (int i = 0; i < 100; ++i)
        reactor->wait(Duration(1));
    CHECK(faults.count(Kind::interrupted) > 0);
    Scheduler scheduler(std::move(reactor));
    CHECK(party(scheduler) == guests * 300);
    CHECK(missing(faults, {Kind::short_transfer, Kind::spurious, Kind::delayed, Kind::reordered})
          == std::vector<int>());
    if (name != "io_uring")  // few calls are made by us there
        CHECK(faults.count(Kind::not_ready) > 0);
    CHECK(faults.count(Kind::reset) == 0);
    CHECK(scheduler.reactor().empty());
}

namespace {

/// None where there is no ring here.
std::shared_ptr<Faults> faults_of_a_ring()
{
    const std::vector<std::string> names = faulty_reactors();
    if (std::find(names.begin(), names.end(), "faulty-io_uring") == names.end()) {
        skip("there is no io_uring here");
        return nullptr;
    }
    UNSCOPED_INFO("faults of a ring, COGEN_FAULTS=" << seed_of_faults());
    return std::make_shared<Faults>(seed_of_faults());
}

}

TEST_CASE("each fault of a ring happens, and everything comes to its end, whole", "[faults]")
{
    const auto faults = faults_of_a_ring();
    if (!faults)
        return;
    faults->chance(Kind::cancelled, 50).chance(Kind::spurious, 50);  // of polls: there are few
    Scheduler scheduler(make_reactor_on_faulty_ring(faults));
    CHECK(scheduler.reactor().name() == "io_uring");
    for (int parties = 0; parties < 10; ++parties)  // some faults are seldom
        CHECK(party(scheduler) == guests * 300);
    CHECK(
        missing(*faults, {Kind::short_transfer, Kind::not_ready, Kind::interrupted, Kind::spurious,
                          Kind::delayed, Kind::reordered, Kind::cancelled, Kind::false_hint})
        == std::vector<int>());
    CHECK(scheduler.reactor().empty());
}

TEST_CASE("a faulty ring is woken from another thread each time", "[faults]")
{
    const auto faults = faults_of_a_ring();
    if (!faults)
        return;
    Scheduler scheduler(make_reactor_on_faulty_ring(faults));
    int answers = 0;
    scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 100; ++i) {
            std::thread asked([&scheduler, work = std::make_shared<Work>(scheduler)] {
                scheduler.post([&scheduler] { Signal("answer", 1).send(scheduler); });
            });
            answers += yield(WaitForSignal<int>("answer"));
            asked.join();
        }
    });
    CHECK(scheduler.run().stuck.empty());
    CHECK(answers == 100);
}

TEST_CASE("each fault of a kernel happens in memory, too, and a seed has them so again", "[faults]")
{
    std::array<std::uint64_t, 2> delays{};
    for (std::uint64_t& count : delays) {
        FakeKernel memory;
        Faults faults(seed_of_faults());
        FaultyKernel kernel(memory, faults);
        Scheduler scheduler(make_reactor("poll", kernel));
        CHECK(party(scheduler) == guests * 300);
        CHECK(missing(faults, {Kind::short_transfer, Kind::not_ready, Kind::aborted})
              == std::vector<int>());
        count = faults.count(Kind::not_ready);
    }
    CHECK(delays[0] == delays[1]);
}

TEST_CASE("whoever is reset by chance ends, the others are served, and nothing stays open",
          "[faults]")
{
    const std::string name = each_inner_reactor();
    const std::vector<int> before = open_numbers();
    {
        Faults wished(seed_of_faults());
        wished.chance(Kind::reset, 2);
        auto reactor = std::make_unique<FaultyReactor>(make_reactor(name), wished);
        const Faults& faults = reactor->faults();
        Scheduler scheduler(std::move(reactor));
        const std::size_t heard = party(scheduler);
        CHECK(faults.count(Kind::reset) > 0);
        CHECK(heard > 0);
        CHECK(heard < guests * 300);
        CHECK(scheduler.reactor().empty());
    }
    CHECK(open_numbers() == before);
}

TEST_CASE("datagrams are left whole", "[faults]")
{
    Faults faults(seed_of_faults());
    faults.chance(Kind::short_transfer, 100).chance(Kind::not_ready, 0);
    FaultyKernel kernel(system_kernel(), faults);
    Descriptor pair[2];
    for (const auto& [type, count] : {std::pair{SOCK_DGRAM, 4}, {SOCK_STREAM, 0}}) {
        REQUIRE(kernel.socketpair(AF_UNIX, type, pair) == 0);
        const ssize_t sent = kernel.send(pair[0], {"spam", 4});
        CHECK((type == SOCK_DGRAM ? sent == count : sent < 4));
        for (const Descriptor end : pair)
            kernel.close(end);
    }
    CHECK(faults.count(Kind::short_transfer) == 1);
}
