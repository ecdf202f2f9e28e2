#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <regex>
#include <stdexcept>

using namespace cogen;

namespace {

/// A stream into memory.
class Paper {
public:
    Paper() : stream_(::open_memstream(&text_, &size_)) {}
    ~Paper()
    {
        std::fclose(stream_);
        std::free(text_);
    }
    Paper(const Paper&) = delete;
    Paper& operator=(const Paper&) = delete;

    std::FILE* stream() { return stream_; }

    /// With "here" for the places of this file that tell theirs themselves, and "fd 0" and "fd 1".
    std::string text()
    {
        std::fflush(stream_);
        const std::string text(text_, size_);
        return std::regex_replace(std::regex_replace(text, std::regex(__FILE__ ":[0-9]+"), "here"),
                                  std::regex("fd 10000"), "fd ");
    }

private:
    char* text_ = nullptr;
    std::size_t size_ = 0;
    std::FILE* stream_;
};

constexpr Site at(unsigned line) { return Site::here("hello.cpp", line); }

}

TEST_CASE("a trace says what happens, when, to whom and why", "[trace]")
{
    Paper paper;
    World world("memory");
    Tracer tracer(world.scheduler, paper.stream());
    Handle<> greeter = world.scheduler.spawn(
        [](Yield& yield) {
            yield(Sleep(10ms), at(7));
            Handle<> guest =
                yield(Spawn([](Yield&) { throw std::runtime_error("no\n\033time"); }), at(8));
            guest.named("guest");
            CHECK_THROWS(yield(Join(guest), at(9)));
        },
        at(12));
    greeter.named("greeter");
    world.scheduler.run();
    CHECK(paper.text()
          == R"(turn 0      0.000 ms  #1          is spawned from outside, at hello.cpp:12
turn 1      0.000 ms  #1 greeter  runs
turn 1      0.000 ms  #1 greeter  yields Sleep(10ms), at hello.cpp:7
turn 1      0.000 ms              the reactor looks, and does not wait
turn 1      0.000 ms              it has looked
turn 1     10.000 ms  #1 greeter  is woken: Sleep(10ms) is complete; by a timer
turn 2     10.000 ms  #1 greeter  runs
turn 2     10.000 ms  #1 greeter  yields Spawn(here), at hello.cpp:8
turn 2     10.000 ms  #2          is spawned by #1 greeter, at here
turn 2     10.000 ms  #1 greeter  is woken: Spawn(here) is complete; by itself
turn 2     10.000 ms  #2          runs
turn 2     10.000 ms  #2          fails: no  time
turn 2     10.000 ms  #1 greeter  runs
turn 2     10.000 ms  #1 greeter  yields Join(#2 guest), at hello.cpp:9
turn 2     10.000 ms  #1 greeter  goes on at once: Join(#2 guest) is complete
turn 2     10.000 ms  #1 greeter  ends
)");
}

TEST_CASE("a trace names the cause of each wake-up", "[trace]")
{
    Paper paper;
    World world("memory");
    Tracer tracer(world.scheduler, paper.stream());
    auto [here, there] = socket_pair(world.scheduler);
    Handle<> reader = world.scheduler.spawn(
        [&here = here](Yield& yield) {
            char text[8];
            yield(here.read(text), at(1));
            yield(here.read(text), at(2));
        },
        at(3));
    reader.named("reader");
    Handle<> writer = world.scheduler.spawn(
        [&there = there, &reader, &scheduler = world.scheduler](Yield& yield) {
            yield(there.write("hello"), at(4));
            yield(Pass(), at(5));
            yield(Call([](Yield&) {}), at(6));
            yield(Sleep(1ms), at(7));
            scheduler.cancel(reader);
            scheduler.stop();
            yield(Sleep(1h), at(8));
        },
        at(9));
    writer.named("writer");
    world.scheduler.run();
    world.scheduler.cancel(writer);
    world.scheduler.run();
    CHECK(paper.text()
          == R"(turn 0      0.000 ms  #1          is spawned from outside, at hello.cpp:3
turn 0      0.000 ms  #2          is spawned from outside, at hello.cpp:9
turn 1      0.000 ms  #1 reader   runs
turn 1      0.000 ms  #1 reader   yields Read(fd 0, 8 bytes), at hello.cpp:1
turn 1      0.000 ms              Read(fd 0, 8 bytes) is tried: not yet
turn 1      0.000 ms  #2 writer   runs
turn 1      0.000 ms  #2 writer   yields Write(fd 1, 0 of 5 bytes), at hello.cpp:4
turn 1      0.000 ms              Write(fd 1, 0 of 5 bytes) is tried: 5
turn 1      0.000 ms  #2 writer   goes on at once: Write(fd 1, 5 of 5 bytes) is complete
turn 1      0.000 ms  #2 writer   yields Pass(), at hello.cpp:5
turn 1      0.000 ms  #2 writer   is woken: Pass() is complete; by itself
turn 1      0.000 ms  #2 writer   runs
turn 1      0.000 ms  #2 writer   yields Call(here), at hello.cpp:6
turn 1      0.000 ms  #3          is spawned by #2 writer, at here
turn 1      0.000 ms  #3          runs
turn 1      0.000 ms  #3          ends
turn 1      0.000 ms  #2 writer   is woken: Call(#3) is complete; by #3
turn 1      0.000 ms  #2 writer   runs
turn 1      0.000 ms  #2 writer   yields Sleep(1ms), at hello.cpp:7
turn 1      0.000 ms              the reactor looks, and does not wait
turn 1      0.000 ms              Read(fd 0, 8 bytes) is tried: 5
turn 1      0.000 ms  #1 reader   is woken: Read(fd 0, 8 bytes) is complete; by the reactor
turn 1      0.000 ms              it has looked
turn 2      0.000 ms  #1 reader   runs
turn 2      0.000 ms  #1 reader   yields Read(fd 0, 8 bytes), at hello.cpp:2
turn 2      0.000 ms              Read(fd 0, 8 bytes) is tried: not yet
turn 2      0.000 ms              the reactor looks, and does not wait
turn 2      0.000 ms              it has looked
turn 2      1.000 ms  #2 writer   is woken: Sleep(1ms) is complete; by a timer
turn 3      1.000 ms  #2 writer   runs
turn 3      1.000 ms  #1 reader   is woken: Read(fd 0, 8 bytes) failed: cancelled; by #2 writer
turn 3      1.000 ms  #2 writer   yields Sleep(3600s), at hello.cpp:8
turn 3      1.000 ms  #1 reader   runs
turn 3      1.000 ms  #1 reader   ends cancelled
turn 3      1.000 ms  #2 writer   is woken: Sleep(3600s) failed: cancelled; from outside
turn 4      1.000 ms  #2 writer   runs
turn 4      1.000 ms  #2 writer   ends cancelled
)");
}

TEST_CASE("a trace shows who is stuck, and that the scheduler ends them", "[trace]")
{
    Paper paper;
    World world("memory");
    Tracer tracer(world.scheduler, paper.stream());
    Handle<> chicken, egg;
    chicken = world.scheduler.spawn([&](Yield& yield) { yield(Join(egg), at(1)); }, at(2));
    egg = world.scheduler.spawn([&](Yield& yield) { yield(Join(chicken), at(3)); }, at(4));
    world.scheduler.run();
    CHECK(paper.text()
          == R"(turn 0      0.000 ms  #1          is spawned from outside, at hello.cpp:2
turn 0      0.000 ms  #2          is spawned from outside, at hello.cpp:4
turn 1      0.000 ms  #1          runs
turn 1      0.000 ms  #1          yields Join(#2), at hello.cpp:1
turn 1      0.000 ms  #2          runs
turn 1      0.000 ms  #2          yields Join(#1), at hello.cpp:3
turn 1      0.000 ms  #1          is woken: Join(#2) failed: cancelled; by the scheduler
turn 1      0.000 ms  #2          is woken: Join(#1) failed: cancelled; by the scheduler
turn 2      0.000 ms  #1          runs
turn 2      0.000 ms  #1          ends cancelled
turn 2      0.000 ms  #2          runs
turn 2      0.000 ms  #2          ends cancelled
)");
}

TEST_CASE("a trace tells the errors of the kernel, and of those who are cancelled", "[trace]")
{
    Paper paper;
    World world("memory");
    auto [here, there] = socket_pair(world.scheduler);
    {
        const Socket gone = std::move(there);
    }
    Tracer tracer(world.scheduler, paper.stream());
    const auto writer = world.scheduler.spawn(
        [&here = here](Yield& yield) {
            CHECK_THROWS_AS(yield(here.write("hello"), at(1)), system_error);
            yield(Sleep(1h), at(2));
        },
        at(3));
    world.scheduler.spawn([&](Yield&) { world.scheduler.cancel(writer); }, at(4));
    world.scheduler.run();
    CHECK(paper.text()
          == R"(turn 0      0.000 ms  #1          is spawned from outside, at hello.cpp:3
turn 0      0.000 ms  #2          is spawned from outside, at hello.cpp:4
turn 1      0.000 ms  #1          runs
turn 1      0.000 ms  #1          yields Write(fd 0, 0 of 5 bytes), at hello.cpp:1
turn 1      0.000 ms              Write(fd 0, 0 of 5 bytes) is tried: Broken pipe
turn 1      0.000 ms  #1          goes on at once: Write(fd 0, 0 of 5 bytes) failed: Broken pipe
turn 1      0.000 ms  #1          yields Sleep(3600s), at hello.cpp:2
turn 1      0.000 ms  #2          runs
turn 1      0.000 ms  #1          is woken: Sleep(3600s) failed: cancelled; by #2
turn 1      0.000 ms  #2          ends
turn 1      0.000 ms  #1          runs
turn 1      0.000 ms  #1          ends cancelled
)");
}

TEST_CASE("a traced program takes the same steps in the same order", "[trace]")
{
    const std::string reactor = each_reactor();
    const auto steps = [&](std::FILE* trace) {
        World world(reactor);
        std::unique_ptr<Tracer> tracer;
        if (trace)
            tracer = std::make_unique<Tracer>(world.scheduler, trace);
        std::vector<std::string> taken;
        auto [here, there] = socket_pair(world.scheduler);
        world.scheduler.spawn([&, &here = here](Yield& yield) {
            for (int i = 0; i < 40; ++i) {
                taken.push_back("write " + std::to_string(yield(here.write("ab"))));
                if (i % 20 == 0)
                    yield(Sleep(1ms));
            }
        });
        world.scheduler.spawn([&, &there = there](Yield& yield) {
            char byte;
            for (int i = 0; i < 80; ++i)
                taken.push_back("read " + std::to_string(yield(there.read({&byte, 1}))));
        });
        world.scheduler.spawn([&](Yield& yield) {
            for (int i = 0; i < 40; ++i) {
                taken.push_back("call");
                yield(Call([](Yield& y) { y(Pass()); }));
                taken.push_back("spawn");
                const auto child = yield(Spawn([&](Yield& y) {
                    y(Sleep(1ms));
                    taken.push_back("slept");
                }));
                if (i % 3 == 0)
                    yield(Join(child));
            }
        });
        CHECK(world.scheduler.run().failed == 0);
        return taken;
    };
    Paper paper;
    CHECK(steps(nullptr) == steps(paper.stream()));
    CHECK(paper.text().starts_with("turn 0"));
}

TEST_CASE("a line that cannot be told or written is lost, and the program goes on", "[trace]")
{
    struct Unspeakable final : Operation {
        Record* cancel(error_code) override { return nullptr; }
        void result() const {}
        std::string describe() const override { throw std::bad_alloc(); }

    private:
        Coroutine* start(Scheduler&) override { return complete_now(); }
    };
    bool went_on = false;
    const auto run_with_trace = [&](std::FILE* out) {
        World world("poll");
        Tracer tracer(world.scheduler, out);
        world.scheduler.spawn([&](Yield& yield) {
            yield(Unspeakable());
            went_on = true;
        });
        world.scheduler.run();
    };
    SECTION("for lack of memory") {
        Paper paper;
        run_with_trace(paper.stream());
        CHECK(paper.text().find("#1          ends\n") != std::string::npos);
    }
    SECTION("for lack of room") {
        std::FILE* const full = std::fopen("/dev/full", "w");
        REQUIRE(full);
        std::setvbuf(full, nullptr, _IONBF, 0);
        run_with_trace(full);
        std::fclose(full);
    }
    CHECK(went_on);
}
