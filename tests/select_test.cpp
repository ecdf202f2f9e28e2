// What select alone cannot do, and says so.
#include "tests/support/child.hpp"
#include "tests/support/many_descriptors.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <sys/select.h>
#include <unistd.h>

using namespace cogen;

namespace {

constexpr int large = FD_SETSIZE + 476;

std::uint64_t calls_of(const Scheduler& scheduler, std::string_view name)
{
    for (const CallCount& call : scheduler.reactor().calls())
        if (call.name == name)
            return call.count;
    return 0;
}

}

TEST_CASE("who would have to wait for too large a descriptor is refused, and the others go on",
          "[select]")
{
    const ManyDescriptors many(large);
    if (!many)
        return skip("this process may not have so many descriptors");
    World world("select");
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = socket_pair(world.scheduler);
        auto [low, sender] = socket_pair(world.scheduler);
        const Socket high = many.moved_up(world.scheduler, std::move(here));
        REQUIRE(high.descriptor().number() >= large);
        const auto other = yield(Spawn([&low = low](Yield& y) { return read_up_to(y, low, 100); }));
        std::array<char, 16> buffer;
        for (int i = 0; i < 2; ++i)
            try {
                yield(high.read(buffer));
                FAIL("it has read something");
            } catch (const system_error& error) {
                const std::string what = error.what();
                CHECK(error.code() == errc::descriptor_too_large);
                CHECK(what.find("Read(" + to_string(high.descriptor())) == 0);
                CHECK(what.find("below " + std::to_string(FD_SETSIZE)) != std::string::npos);
            }
        CHECK(error_of(yield, high.write(std::string(10'000'000, 'x')))
              == errc::descriptor_too_large);
        CHECK_FALSE(other.finished());
        yield(sender.write("still there"));
        yield(sender.close());
        CHECK(yield(Join(other)) == "still there");
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
    CHECK(world.scheduler.reactor().empty());
}

TEST_CASE("who need not wait may use a descriptor of any number on select", "[select]")
{
    const ManyDescriptors many(large);
    if (!many)
        return skip("this process may not have so many descriptors");
    World world("select");
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = socket_pair(world.scheduler);
        Socket high = many.moved_up(world.scheduler, std::move(here));
        std::array<char, 16> buffer;
        yield(there.write("at hand"));
        CHECK(yield(high.read(buffer)) == 7);
        CHECK(yield(high.write("x")) == 1);
        CHECK(yield(there.read(buffer)) == 1);
        CHECK_FALSE(error_of(yield, high.close()));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("select cannot be had where nobody could wake it, and says why", "[select]")
{
    const int status = status_of_child([] {
        const ManyDescriptors many(large);
        if (!many)
            ::_exit(0);
        while (::dup(0) < FD_SETSIZE) {}
        try {
            make_reactor("select");
        } catch (const system_error& error) {
            const std::string what = error.what();
            ::_exit(error.code() == errc::descriptor_too_large && what.find("select") == 0 ? 0 : 1);
        }
        ::_exit(2);
    });
    CHECK(status == 0);
}

TEST_CASE("select waits for the highest number there is, and for no higher one", "[select]")
{
    World world("select");
    world.scheduler.spawn([&](Yield& yield) {
        auto [low, low_sender] = socket_pair(world.scheduler);
        auto [high, high_sender] = socket_pair(world.scheduler);
        const auto low_reader =
            yield(Spawn([&low = low](Yield& y) { return read_up_to(y, low, 3); }));
        const auto high_reader =
            yield(Spawn([&high = high](Yield& y) { return read_up_to(y, high, 4); }));
        yield(Sleep(1s));
        yield(high_sender.write("high"));
        CHECK(yield(Join(high_reader)) == "high");  // from now on the lower one is the highest
        yield(low_sender.write("low"));
        CHECK(yield(Join(low_reader)) == "low");
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("select looks for a closed descriptor only when the system says that there is one",
          "[select][count]")
{
    World world("select");
    auto [here, there] = socket_pair(world.scheduler);
    auto [other, sender] = socket_pair(world.scheduler);
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        char byte;
        CHECK(error_of(yield, here.read({&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, here.close()).value() == EBADF);
    });
    world.scheduler.spawn(
        [&, &other = other](Yield& yield) { CHECK(read_up_to(yield, other, 5) == "alive"); });
    world.scheduler.spawn([&, &here = here, &sender = sender](Yield& yield) {
        yield(Sleep(1s));
        CHECK(calls_of(world.scheduler, "fcntl") == 0);
        ::close(here.descriptor().number());
        yield(Sleep(1s));
        CHECK(calls_of(world.scheduler, "fcntl") > 0);
        yield(sender.write("alive"));
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}
