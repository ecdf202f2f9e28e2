#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("as_tuple answers with no error and the result where all went well", "[as_tuple]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        std::array<char, 8> buffer;
        const auto [write_error, written] = yield(there.write("one") | as_tuple);
        CHECK_FALSE(write_error.failed());
        CHECK(written == 3);
        const auto [error, count] = yield(here.read(buffer) | as_tuple);
        CHECK_FALSE(error.failed());
        CHECK(count == 3);
        const auto [none] = yield(Pass() | as_tuple);
        CHECK_FALSE(none.failed());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("as_tuple answers with the error, and an empty value or what there is so far",
          "[as_tuple]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        const auto [refused, socket] = yield(Connect({"127.0.0.1", 1}) | as_tuple);
        CHECK(refused == system_error_code(ECONNREFUSED));
        CHECK_FALSE(socket);

        std::array<char, 8> buffer;
        const auto [late, count] = yield(here.read(buffer) | within(1s) | as_tuple);
        CHECK(late == errc::timed_out);
        CHECK(count == 0);

        const std::string large(8 << 20, 'x');
        const auto [slow, written] = yield(here.write(large) | within(1s) | as_tuple);
        CHECK(slow == errc::timed_out);
        CHECK(written > 0);
        CHECK(written < large.size());

        const auto [void_error] = yield(Sleep(1h) | within(1s) | as_tuple);
        CHECK(void_error == errc::timed_out);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("as_tuple holds back the system_error of a called coroutine, and no other exception",
          "[as_tuple][call]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const auto [error, value] = yield(
            Call([](Yield&) -> int { throw system_error(system_error_code(EPIPE)); }) | as_tuple);
        CHECK(error == system_error_code(EPIPE));
        CHECK(value == 0);
        CHECK_THROWS_AS(
            yield(Call([](Yield&) -> int { throw std::runtime_error("eggs"); }) | as_tuple),
            std::runtime_error);
    });
    CHECK(world.scheduler.run().failed == 2);  // those who were called
}

TEST_CASE("as_tuple lets cancellation pass, before its operation has started and after",
          "[as_tuple][cancel]")
{
    World world(each_reactor());
    const auto handle = world.scheduler.spawn([](Yield& yield) {
        CHECK_THROWS_AS(yield(Sleep(1h) | as_tuple), Cancelled);
        CHECK_THROWS_AS(yield(Sleep(1h) | as_tuple), Cancelled);
        with_timeout(yield, 1s, [&] { CHECK_THROWS_AS(yield(Sleep(1h) | as_tuple), Cancelled); });
    });
    world.scheduler.spawn([&](Yield&) { world.scheduler.cancel(handle); });
    world.scheduler.run();
    CHECK(handle.finished());
    CHECK_FALSE(handle.failed());
}

TEST_CASE("operations that can only be moved may be limited and answer with a tuple",
          "[as_tuple][within]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const auto [late, nobody] = yield(listener.accept() | within(1s) | as_tuple);
        CHECK(late == errc::timed_out);
        CHECK_FALSE(nobody);
        auto [error, socket] = yield(Connect(listener.endpoint()) | within(1s) | as_tuple);
        CHECK_FALSE(error);
        CHECK(socket);
        const auto [none, done] = yield(
            Call([](Yield&, Socket mine) { return static_cast<bool>(mine); }, std::move(socket))
            | within(1s) | as_tuple);
        CHECK_FALSE(none);
        CHECK(done);
    });
    CHECK(world.scheduler.run().failed == 0);
}
