#include "tests/support/child.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/counting_kernel.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace cogen;

namespace {

std::uint64_t count_of(const std::vector<CallCount>& calls, std::string_view name)
{
    for (const CallCount& call : calls)
        if (call.name == name)
            return call.count;
    return 0;
}

/// The names of those that can be had here.
std::vector<std::string> names()
{
    std::vector<std::string> all;
    for (const ReactorInfo& info : available_reactors())
        if (info.why_not.empty())
            all.emplace_back(info.name);
    return all;
}

}

TEST_CASE("a reactor is made by its name, and an unknown name is an error that tells the others",
          "[reactor]")
{
    for (const std::string& name : names())
        CHECK(make_reactor(name)->name() == name);
    try {
        make_reactor("carrier pigeon");
        FAIL("it was made");
    } catch (const system_error& error) {
        const std::string what = error.what();
        CHECK(what.find("carrier pigeon") != std::string::npos);
        CHECK(what.find("poll") != std::string::npos);
    }
}

TEST_CASE("COGEN_REACTOR names the default, and nothing but the default", "[reactor]")
{
    ::setenv("COGEN_REACTOR", "poll", 1);
    CHECK(Scheduler().reactor().name() == "poll");
    for (const std::string& name : names())
        CHECK(Scheduler(name).reactor().name() == name);
    ::setenv("COGEN_REACTOR", "nonsense", 1);
    CHECK_THROWS_AS(Scheduler(), system_error);
    ::unsetenv("COGEN_REACTOR");
    CHECK(Scheduler().reactor().name() == names().front());
}

TEST_CASE("a request costs two calls beside its share of a wait", "[reactor][count]")
{
    std::vector<std::string> those_that_attempt = names();
    std::erase(those_that_attempt, "io_uring");
    const std::string name = GENERATE_COPY(from_range(those_that_attempt));
    CountingKernel kernel(system_kernel());
    Scheduler scheduler(make_reactor(name, kernel));
    constexpr std::uint64_t rounds = 100;
    std::uint64_t before[4]{}, after[4]{};
    const auto count = [&](std::uint64_t(&into)[4]) {
        into[0] = count_of(kernel.calls(), "recv");
        into[1] = count_of(kernel.calls(), "send");
        into[2] = count_of(kernel.calls(), "poll")
                  + count_of(scheduler.reactor().calls(), "epoll_wait")
                  + count_of(scheduler.reactor().calls(), "pselect");
        into[3] = count_of(scheduler.reactor().calls(), "epoll_ctl");
    };
    scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(Spawn(echo, std::move(there)));
        const auto exchange = [&, &here = here] {
            std::array<char, 64>
                buffer;  // larger than the answer: a short read tells that it was all
            yield(here.write("ping"));
            CHECK(yield(here.read(buffer)) == 4);
        };
        exchange();
        count(before);
        for (std::uint64_t i = 0; i < rounds; ++i)
            exchange();
        count(after);
    });
    CHECK(scheduler.run().failed == 0);
    const auto made = [&](int call) { return after[call] - before[call]; };
    CHECK(made(0) == 2 * rounds);  // both ends are ours: a read each ...
    CHECK(made(1) == 2 * rounds);  // ... and a write each
    CHECK(made(2) <= 2 * rounds + 1);
    CHECK(made(3) == 0);  // registered once, at the first wait
}

TEST_CASE("an idle server makes no system call", "[reactor][count]")
{
    const std::string name = GENERATE(from_range(names()));
    // In a process of its own: rings that ended in this one a moment ago interrupt its waits.
    const Child child = child_that_runs([&] {
        struct Waits final : Instrument {
            int count = 0;
            void before_wait(Patience patience) noexcept override
            {
                count += patience != Duration::zero();
            }
        } waits;
        Scheduler scheduler(name);
        scheduler.spawn([&](Yield& yield) {
            Listener listener = yield(Listen({"127.0.0.1", 0}));
            yield(listener.accept());
        });
        std::thread knock([&] {
            std::this_thread::sleep_for(30ms);  // the idle time itself
            scheduler.reactor().wake();
        });
        scheduler.attach(waits);
        scheduler.spawn([&](Yield& yield) {
            yield(Sleep(60ms));
            scheduler.stop();
        });
        scheduler.run();
        knock.join();
        if (waits.count > 4)
            std::fprintf(stderr, "it waited %d times", waits.count);
    });
    CHECK(child.status == 0);
    CHECK(child.errors.empty());
}
