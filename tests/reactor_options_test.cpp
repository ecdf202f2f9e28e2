#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace cogen;

TEST_CASE("a batch is so many events in one wait, on the reactors that heed it", "[reactor]")
{
    const std::string name = each_system_reactor();
    if (name == "poll" || name == "select")
        return;
    const unsigned batch = GENERATE(1u, 2u, 512u);
    Scheduler scheduler(make_reactor(name, {.batch = batch}));
    constexpr unsigned readers = 6;
    std::vector<std::pair<Socket, Socket>> pairs;
    unsigned read = 0;
    for (unsigned i = 0; i < readers; ++i)
        pairs.push_back(socket_pair(scheduler));
    for (const auto& pair : pairs)
        scheduler.spawn([&](Yield& yield) {
            char byte;
            read += static_cast<unsigned>(yield(pair.first.read({&byte, 1})));
        });
    scheduler.step();  // now they wait
    for (const auto& pair : pairs)
        CHECK(scheduler.reactor().kernel().send(pair.second.descriptor(), "x") == 1);
    std::vector<unsigned> steps;
    for (bool more = true; more;) {
        const unsigned before = read;
        more = scheduler.step();
        if (read > before)
            steps.push_back(read - before);
    }
    CHECK(
        steps
        == std::vector<unsigned>(batch < readers ? readers / batch : 1, std::min(batch, readers)));
}

TEST_CASE("a batch of one does not keep a reactor busy that has nothing to do", "[reactor]")
{
    struct Waits final : Instrument {
        int count = 0;
        void before_wait(Patience) noexcept override { ++count; }
    } waits;
    Scheduler scheduler(make_reactor(each_system_reactor(), {.batch = 1}));
    auto [here, there] = socket_pair(scheduler);
    scheduler.attach(waits);
    scheduler.spawn([&, &here = here](Yield& yield) {
        for (char byte; yield(here.read({&byte, 1})) == 1;) {}
    });
    scheduler.spawn([&, &there = there](Yield& yield) {
        for (int i = 0; i < 3; ++i) {
            yield(there.write("x"));
            yield(Sleep(10ms));
        }
        yield(there.shutdown());
    });
    CHECK(scheduler.run().failed == 0);
    CHECK(waits.count < 50);
    scheduler.detach(waits);
}

TEST_CASE("options that no reactor could heed are an error in words, on all of them", "[reactor]")
{
    for (const ReactorInfo& info : available_reactors())
        for (const auto& [options, words] : std::vector<std::pair<ReactorOptions, const char*>>{
                 {{.ring_size = 0}, "a ring of 0 (its size is a power of two, up to 4096)"},
                 {{.ring_size = 100}, "a ring of 100 (its size is a power of two, up to 4096)"},
                 {{.ring_size = 8192}, "a ring of 8192 (its size is a power of two, up to 4096)"},
                 {{.batch = 0}, "a batch of 0 (it has 1 to 65536 events)"},
                 {{.batch = 65537}, "a batch of 65537 (it has 1 to 65536 events)"}})
            try {
                make_reactor(info.name, options);
                FAIL_CHECK("it was made: " << words);
            } catch (const system_error& error) {
                CHECK_THAT(error.what(), Catch::Contains(words));
                CHECK(error.code().value() == EINVAL);
            }
}

TEST_CASE("any reactor is made with the smallest options that there are, and with the largest",
          "[reactor]")
{
    const std::string name = each_system_reactor();
    for (const ReactorOptions& options :
         {ReactorOptions{.ring_size = 1, .batch = 1}, {.ring_size = 4096, .batch = 65536}}) {
        Scheduler scheduler(make_reactor(name, options));
        scheduler.spawn([&](Yield& yield) {
            auto [here, there] = connection(yield);
            yield(there.write("spam"));
            CHECK(read_up_to(yield, here, 4) == "spam");
        });
        CHECK(scheduler.run().failed == 0);
    }
}
