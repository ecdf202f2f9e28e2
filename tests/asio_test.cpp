// What is asio's own: it waits in a context that may be somebody else's. What it must do as any
// reactor does is in tests/contract/.
#include "reactors/asio.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <stdexcept>
#include <tuple>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <unistd.h>

using namespace cogen;
namespace asio = boost::asio;

namespace {

/// A scheduler in a context of the test's own.
struct Guest {
    asio::io_context context;
    Scheduler scheduler{make_asio_reactor(context)};

    /// That nothing is outstanding in the context but these handlers.
    void expect_left(std::size_t handlers)
    {
        CHECK(context.run_for(10s) == handlers);
        CHECK(context.stopped());
    }
};

/// Posts itself again, as long as `goes_on` says so.
template <class Condition>
void post_again(asio::io_context& context, int& times, Condition goes_on)
{
    asio::post(context, [&, goes_on] {
        ++times;
        if (goes_on())
            post_again(context, times, goes_on);
    });
}

}

TEST_CASE("options that no reactor could heed are an error in somebody's own context, too",
          "[asio]")
{
    asio::io_context context;
    CHECK_THROWS_AS(make_asio_reactor(context, ReactorOptions{.batch = 0}), system_error);
}

TEST_CASE("handlers of an Asio program run while coroutines wait", "[asio]")
{
    Guest guest;
    std::string order;
    asio::steady_timer timer(guest.context, 1ms);
    timer.async_wait([&](error_code) {
        order += "handler ";
        guest.scheduler.spawn([&](Yield&) { order += "spawned "; });
    });
    guest.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(20ms));
        order += "sleeper";
    });
    CHECK(guest.scheduler.run().finished == 2);
    CHECK(order == "handler spawned sleeper");
}

TEST_CASE("a handler wakes whoever waits for it, and Work keeps run() from ending before", "[asio]")
{
    Guest guest;
    int heard = 0;
    guest.scheduler.spawn([&](Yield& yield) { heard = yield(WaitForSignal<int>("answer")); });
    asio::steady_timer timer(guest.context, 1ms);
    timer.async_wait([&, work = Work(guest.scheduler)](error_code) {
        Signal("answer", 42).send(guest.scheduler);
    });
    CHECK(guest.scheduler.run().stuck.empty());
    CHECK(heard == 42);
}

TEST_CASE("run() ends with its coroutines, whatever is outstanding in the context", "[asio]")
{
    Guest guest;
    asio::steady_timer timer(guest.context, 1h);
    bool cancelled = false;
    timer.async_wait(
        [&](error_code error) { cancelled = error == asio::error::operation_aborted; });
    guest.scheduler.spawn([](Yield& yield) { yield(Sleep(1ms)); });
    CHECK(guest.scheduler.run().finished == 1);
    CHECK_FALSE(cancelled);
    timer.cancel();
    CHECK(guest.context.run_for(10s) > 0);
    CHECK(cancelled);
}

TEST_CASE("nothing of cogen's is left outstanding where no coroutine waits", "[asio]")
{
    Guest guest;
    auto [here, there] = socket_pair(guest.scheduler);  // they stay open
    guest.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        std::array<char, 4> buffer;
        yield(there.write("spam"));
        CHECK(yield(here.read(buffer)) == 4);
        CHECK_THROWS_AS(yield(here.read(buffer) | within(2ms)), TimeoutError);
    });
    CHECK(guest.scheduler.run().failed == 0);
    guest.context.poll();  // what comes to nothing is still on its way
    guest.context.restart();
    guest.expect_left(0);
}

TEST_CASE("a context that had nothing to do is not left stopped", "[asio]")
{
    Guest guest;
    guest.scheduler.spawn([](Yield& yield) { yield(Sleep(1ms)); });
    guest.scheduler.run();
    CHECK_FALSE(guest.context.stopped());
    bool ran = false;
    asio::post(guest.context, [&] { ran = true; });
    guest.context.run_for(10s);
    CHECK(ran);
}

TEST_CASE("a context that is stopped goes on at the next wait", "[asio]")
{
    Guest guest;
    int ran = 0;
    guest.context.stop();
    asio::post(guest.context, [&] {
        ++ran;
        guest.context.stop();
        asio::post(guest.context, [&] { ++ran; });
    });
    guest.scheduler.spawn([](Yield& yield) { yield(Sleep(20ms)); });
    CHECK(guest.scheduler.run().finished == 1);
    CHECK(ran == 2);
}

TEST_CASE("what a handler throws comes out of run(), and another run() goes on", "[asio]")
{
    Guest guest;
    auto [here, there] = socket_pair(guest.scheduler);
    std::string read;
    guest.scheduler.spawn([&, &here = here](Yield& yield) { read = read_up_to(yield, here, 4); });
    guest.scheduler.spawn([&, &there = there](Yield& yield) {
        asio::post(guest.context, [] { throw std::domain_error("out of ham"); });
        yield(Sleep(5ms));
        yield(there.write("spam"));
    });
    CHECK_THROWS_AS(guest.scheduler.run(), std::domain_error);
    CHECK(guest.scheduler.coroutines().size() == 2);
    const Report report = guest.scheduler.run();
    CHECK(report.finished == 2);
    CHECK(report.failed == 0);
    CHECK(read == "spam");
}

TEST_CASE("coroutines that wait for nothing keep no handler waiting", "[asio]")
{
    Guest guest;
    bool ran = false;
    asio::post(guest.context, [&] { ran = true; });
    guest.scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 1000 && !ran; ++i)
            yield(Pass());
        CHECK(ran);
    });
    CHECK(guest.scheduler.run().failed == 0);
}

TEST_CASE("handlers that are always ready keep no coroutine waiting", "[asio]")
{
    Guest guest;
    int times = 0;
    bool done = false;
    post_again(guest.context, times, [&] { return !done; });
    guest.scheduler.spawn([&](Yield& yield) {
        for (int i = 0; i < 5; ++i)
            yield(Pass());
        yield(Sleep(1ms));
        done = true;
    });
    CHECK(guest.scheduler.run().finished == 1);
    CHECK(times > 5);
    guest.expect_left(1);
}

TEST_CASE("where context.run() is the loop, a handler calls run()", "[asio]")
{
    Guest guest;
    std::string order;
    guest.scheduler.spawn([&](Yield& yield) {
        asio::post(guest.context, [&] { order += "handler "; });
        yield(Sleep(1ms));
        order += "coroutine ";
    });
    asio::post(guest.context, [&] {
        CHECK(guest.scheduler.run().finished == 1);
        order += "end";
    });
    guest.context.run();
    CHECK(order == "handler coroutine end");
}

TEST_CASE("a socket that is Asio's can be waited for", "[asio]")
{
    Guest guest;
    asio::local::stream_protocol::socket here(guest.context), there(guest.context);
    asio::local::connect_pair(here, there);
    std::array<char, 4> buffer;
    std::string got;
    guest.scheduler.spawn([&](Yield& yield) {
        const Descriptor descriptor(here.native_handle());
        for (int i = 0; i < 2; ++i) {
            CHECK_THROWS_AS(yield(WaitReadable(descriptor) | within(2ms)), TimeoutError);
            asio::write(there, asio::buffer("spam", 4));
            yield(WaitReadable(descriptor));
            got.append(buffer.data(), here.read_some(asio::buffer(buffer)));
        }
        here.async_read_some(asio::buffer(buffer),
                             [&, work = Work(guest.scheduler)](error_code, std::size_t count) {
                                 got.append(buffer.data(), count);
                             });
        yield(Sleep(1ms));
        asio::write(there, asio::buffer("ham", 3));
    });
    CHECK(guest.scheduler.run().failed == 0);
    CHECK(got == "spamspamham");
}

TEST_CASE("a socket that is released is out of the context, and its number another's", "[asio]")
{
    Guest guest;
    guest.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = socket_pair(guest.scheduler);
        for (int i = 0; i < 2; ++i) {
            const auto reader =
                yield(Spawn([&here = here](Yield& y) { return read_up_to(y, here, 4); }));
            yield(Sleep(1ms));
            yield(there.write("spam"));
            CHECK(yield(Join(reader)) == "spam");
            const int number = here.release().number();  // nobody waits for it
            ::close(number);
            std::tie(here, there) = socket_pair(guest.scheduler);
            CHECK(here.descriptor().number() == number);
        }
    });
    CHECK(guest.scheduler.run().failed == 0);
}

TEST_CASE("a file whose calls block still does after it was waited for", "[asio]")
{
    Scheduler scheduler("asio");
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    scheduler.spawn([&](Yield& yield) {
        const Descriptor out(ends[0]);
        CHECK_THROWS_AS(yield(WaitReadable(out) | within(2ms)), TimeoutError);
        CHECK((::fcntl(ends[0], F_GETFL) & O_NONBLOCK) == 0);
        const auto waiter = yield(Spawn([&](Yield& y) { y(WaitReadable(out)); }));
        yield(Sleep(2ms));
        CHECK((::fcntl(ends[0], F_GETFL) & O_NONBLOCK) == 0);
        CHECK(::write(ends[1], "x", 1) == 1);
        yield(Join(waiter));
    });
    CHECK(scheduler.run().failed == 0);
    for (const int end : ends)
        ::close(end);
}

TEST_CASE("what is on its way when the reactor ends comes to nothing", "[asio]")
{
    asio::io_context context;
    {
        Scheduler scheduler(make_asio_reactor(context));
        auto [here, there] = socket_pair(scheduler);
        scheduler.spawn([&here = here](Yield& yield) {
            char byte;
            CHECK(error_of(yield, here.read({&byte, 1})) == errc::closed);
        });
        scheduler.step();
        CHECK(scheduler.reactor().kernel().send(there.descriptor(), "x") == 1);
    }
    context.run_for(10s);
    CHECK(context.stopped());
}

TEST_CASE("a context may have many who wait, in options of their own", "[asio]")
{
    asio::io_context context;
    Scheduler one(make_asio_reactor(context, {.batch = 1}));
    Scheduler other(make_asio_reactor(context));
    auto [here, there] = socket_pair(one);
    std::string read;
    one.spawn([&, &here = here](Yield& yield) { read = read_up_to(yield, here, 4); });
    one.step();
    other.spawn([&, &there = there](Yield& yield) {
        CHECK(other.reactor().kernel().send(there.descriptor(), "spam") == 4);
        yield(Sleep(5ms));  // and serves the first one's wait
    });
    CHECK(other.run().failed == 0);
    CHECK(one.run().failed == 0);
    CHECK(read == "spam");
}
