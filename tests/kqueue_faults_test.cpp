#include "tests/kqueue_model/faults.hpp"
#include "tests/kqueue_model/flavours.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cerrno>

#include <unistd.h>

using namespace cogen;

// What a kqueue may do and seldom does: it reports what is not so, in any order, one at a time, is
// interrupted after it has made the changes, and takes the error of a socket that it tells. Whoever
// waits notices nothing of it.

namespace {

/// So many bytes, each told by its place.
std::string pattern(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 7 + i / 251);
    return bytes;
}

/// Sends much both ways at once.
void exchange(Yield& yield)
{
    auto [here, there] = connection(yield);
    yield(Spawn(echo, std::move(there)));
    const std::string much = pattern(50'000);
    const auto writer = yield(Spawn([&, &here = here](Yield& y) { return y(here.write(much)); }));
    CHECK(read_up_to(yield, here, much.size()) == much);
    CHECK(yield(Join(writer)) == much.size());
}

/// Waits in vain, gives up, and closes, over and over, with the same numbers.
void give_up(Yield& yield)
{
    for (int round = 0; round < 10; ++round) {
        auto [here, there] = connection(yield);
        char byte;
        CHECK_THROWS_AS(yield(here.read({&byte, 1}) | within(1ms)), TimeoutError);
        const auto reader = yield(Spawn([&, &here = here](Yield& y) {
            return error_of(y, here.read({&byte, 1}));
        }));
        yield(Pass());
        yield(here.close());
        CHECK(yield(Join(reader)) == errc::closed);
    }
}

/// Waits for what is somebody else's.
void borrow(Yield& yield)
{
    int ends[2];
    REQUIRE(open_pipe(ends) == 0);
    const Descriptor out(ends[0]);
    for (int round = 0; round < 20; ++round) {
        const auto waiter = yield(Spawn([&](Yield& y) { y(WaitReadable(out)); }));
        yield(Sleep(1ms));
        CHECK_FALSE(waiter.finished());
        CHECK(::write(ends[1], "x", 1) == 1);
        yield(Join(waiter));
        char byte;
        CHECK(::read(ends[0], &byte, 1) == 1);
    }
    ::close(ends[0]);
    ::close(ends[1]);
}

/// Waits for an answer of somebody who is not there, which is an error, and only once.
void ask_nobody(Yield& yield)
{
    Endpoint nobody;
    {
        const DatagramSocket gone = yield(BindDatagram({"127.0.0.1", 0}));
        nobody = gone.local_endpoint();
    }
    const DatagramSocket socket = yield(ConnectDatagram(nobody));
    for (int round = 0; round < 10; ++round) {
        const auto reader = yield(Spawn([&](Yield& y) {
            std::array<char, 1> buffer;
            return error_of(y, socket.receive_from(buffer) | within(1min)).value();
        }));
        yield(Sleep(1ms));
        yield(socket.send("x"));
        CHECK(yield(Join(reader)) == ECONNREFUSED);
    }
}

}

TEST_CASE("who waits notices nothing of what a kqueue seldom does", "[kqueue][faults]")
{
    const kqueue_model::Flavour flavour = GENERATE(from_range(kqueue_model::flavours()));
    int interruptions = 0, wrong_reports = 0, reversals = 0, single_reports = 0, taken_errors = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        INFO(flavour.reactor << ", seed " << seed);
        kqueue_model::Faults faults(seed);
        Scheduler scheduler(flavour.make(ReactorOptions(), system_kernel()));
        for (int i = 0; i < 3; ++i)
            for (const auto workload : {exchange, give_up, borrow, ask_nobody})
                scheduler.spawn(workload);
        Report report = scheduler.run();
        CHECK(report.failed == 0);
        CHECK(report.stuck.empty());
        scheduler.spawn(borrow);  // alone, so that there is idle time to be interrupted in
        report = scheduler.run();
        CHECK(report.failed == 0);
        CHECK(report.stuck.empty());
        interruptions += faults.interruptions;
        wrong_reports += faults.wrong_reports;
        reversals += faults.reversals;
        single_reports += faults.single_reports;
        taken_errors += faults.taken_errors;
    }
    CHECK(interruptions > 0);
    CHECK(wrong_reports > 0);
    CHECK(reversals > 0);
    CHECK(single_reports > 0);
    CHECK(taken_errors > 0);
}
