#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <sstream>

#include <unistd.h>

using namespace cogen;

namespace {

/// What `body` prints on stderr.
template <class Body>
std::string printed_by(Body body)
{
    std::FILE* const file = std::tmpfile();
    const int before = ::dup(2);
    ::dup2(::fileno(file), 2);
    body();
    ::dup2(before, 2);
    ::close(before);
    std::rewind(file);
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    return text;
}

}

TEST_CASE("a report prints its counts, and a line for each that is stuck", "[report]")
{
    Report report;
    report.finished = 3;
    report.failed = 3;
    report.failures.push_back({"#3 server", "server.cpp:7", "no eggs"});
    report.stuck.push_back(
        {"#7 client", "client.cpp:12", State::waiting, "Join(#3 server)", "client.cpp:20", 5});
    std::ostringstream out;
    out << report;
    CHECK(out.str()
          == "3 finished, 3 failed, 1 stuck\n"
             "  #3 server, spawned at server.cpp:7, failed: no eggs\n"
             "  and 2 more failed\n"
             "  #7 client, spawned at client.cpp:12, waits since turn 5 for Join(#3 server), "
             "yielded at client.cpp:20\n");
}

TEST_CASE("operations call themselves what they are, and on what", "[report]")
{
    std::array<char, 4096> buffer;
    OpenDescriptor none;
    CHECK(Read(Descriptor(7), buffer).describe() == "Read(fd 7, 4096 bytes)");
    CHECK(Write(Descriptor(7), "hello").describe() == "Write(fd 7, 0 of 5 bytes)");
    CHECK(Accept(Descriptor(7)).describe() == "Accept(fd 7)");
    CHECK(Connect({"127.0.0.1", 80}).describe() == "Connect(no descriptor, 127.0.0.1:80)");
    CHECK(Listen({"::1", 80}).describe() == "Listen([::1]:80)");
    CHECK(Close(none).describe() == "Close(no descriptor)");
    CHECK(Sleep(10ms).describe() == "Sleep(10ms)");
    CHECK(Pass().describe() == "Pass()");
}

TEST_CASE("who is stuck is told with what it waits for, where, and since which turn", "[report]")
{
    World world(each_reactor());
    std::uint64_t turn = 0;
    int spawned_at = 0, yielded_at = 0;
    Handle<> self;
    spawned_at = __LINE__ + 1;
    self = world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        yield(Sleep(1s));
        const auto other = yield(Spawn([&](Yield& y) { y(Join(self)); }));
        turn = world.scheduler.turn();
        yielded_at = __LINE__ + 1;
        yield(Join(other));
    });
    const Report report = world.scheduler.run();
    REQUIRE(report.stuck.size() == 2);
    const auto ends_with_line = [](const std::string& site, int line) {
        return site.ends_with("report_test.cpp:" + std::to_string(line));
    };
    CHECK(report.stuck[0].coroutine == "#1");
    CHECK(report.stuck[0].operation == "Join(#2)");
    CHECK(ends_with_line(report.stuck[0].spawned_at, spawned_at));
    CHECK(ends_with_line(report.stuck[0].yielded_at, yielded_at));
    CHECK(report.stuck[0].since == turn);
}

TEST_CASE("an exception that nobody waits for or handles is a line on stderr", "[report]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield&) { throw std::runtime_error("no eggs"); }).named("cook");
    world.scheduler.spawn([](Yield&) { throw 7; });
    const std::string text = printed_by([&] { world.scheduler.run(); });
    CHECK(text.find(" cogen: coroutine #1 cook, spawned at ") != std::string::npos);
    CHECK(text.find("report_test.cpp:") != std::string::npos);
    CHECK(text.find("failed: no eggs\n") != std::string::npos);
    CHECK(text.find("failed: an exception that is no std::exception\n") != std::string::npos);
}

TEST_CASE("coroutines that wait for each other in a circle are named in its order", "[report]")
{
    World world(each_reactor());
    Handle<> first;
    first = world.scheduler.spawn([&](Yield& yield) {
        const auto second =
            yield(Spawn([&](Yield& y) { y(Call([&](Yield& z) { z(Join(first) | as_tuple); })); }));
        yield(Join(second));
    });
    first.named("hen");
    world.scheduler.spawn([&](Yield& yield) { yield(Join(first)); });  // outside the circle
    const Report report = world.scheduler.run();
    CHECK(report.stuck.size() == 4);
    REQUIRE(report.cycles.size() == 1);
    CHECK(report.cycles[0] == "#1 hen waits for #3, which waits for #4, which waits for #1 hen");
    std::ostringstream out;
    out << report;
    CHECK(out.str().find("\n  #1 hen waits for #3") != std::string::npos);
}

TEST_CASE("a dump says at any time what all coroutines are doing", "[report]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    std::ostringstream out;
    world.scheduler
        .spawn([&, &here = here](Yield& yield) {
            std::array<char, 64> buffer;
            yield(here.read(buffer));
        })
        .named("reader");
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(Pass());
        const auto next = yield(Spawn([](Yield&) {}) | priority::coro);
        world.scheduler.dump(out);
        yield(there.write("x"));
    });
    CHECK(world.scheduler.run().failed == 0);
    const std::string text = out.str();
    CHECK(text.find("#1 reader, spawned at tests/report_test.cpp:") == 0);
    CHECK(text.find("waits since turn 1 for Read(fd ") != std::string::npos);
    CHECK(text.find("\n#2, spawned at tests/report_test.cpp:") != std::string::npos);
    CHECK(text.find(", is running since turn 1\n#3, ") != std::string::npos);
    CHECK(text.find(", is ready since turn 1\n") != std::string::npos);
}

TEST_CASE("the first who fail are told by name and reason, awaited or not, and the others counted",
          "[report]")
{
    World world(each_reactor());
    world.scheduler.on_exception([](const Record&, std::exception_ptr) {});
    world.scheduler.spawn([](Yield& yield) {
        CHECK_THROWS(yield(Call([](Yield&) { throw std::runtime_error("no eggs"); })));
        for (std::size_t i = 0; i < Report::failures_max; ++i)
            yield(Spawn([](Yield&) { throw 7; }));
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == Report::failures_max + 1);
    REQUIRE(report.failures.size() == Report::failures_max);
    CHECK(report.failures[0].coroutine == "#2");
    CHECK(report.failures[0].spawned_at.find("report_test.cpp:") != std::string::npos);
    CHECK(report.failures[0].what == "no eggs");
    CHECK(world.scheduler.run().failures.empty());
}

TEST_CASE("who waits for the end of what has been asked to end is told so", "[report][cancel]")
{
    World world("late");
    auto [here, there] = socket_pair(world.scheduler);
    std::ostringstream out;
    const auto reader = world.scheduler.spawn([&, &here = here](Yield& yield) {
        std::array<char, 64> buffer;
        yield(here.read(buffer));
    });
    world.scheduler.spawn([&](Yield&) {
        world.scheduler.cancel(reader);
        world.scheduler.dump(out);
    });
    world.scheduler.run();
    CHECK(reader.cancelled());
    CHECK(out.str().find("waits since turn 1 for the early end of Read(fd ") != std::string::npos);
}
