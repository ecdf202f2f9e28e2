// Terminals, from both of their sides.
#include "tests/support/files.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

using namespace cogen;

namespace {

const NotApplicable memory_waits_for_nobody{"memory", "it waits for nothing, nor for a terminal"};

/// A terminal, or its two sides: of who shows it, and of the program within.
struct Terminal {
    /// A folder that is made a system may lack /dev/pts.
    static bool can_be_had()
    {
        const int one = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        return one >= 0 && ::close(one) == 0;
    }

    Terminal()
    {
        REQUIRE(outside >= 0);
        REQUIRE(::grantpt(outside) == 0);
        REQUIRE(::unlockpt(outside) == 0);
        inside = ::open(::ptsname(outside), O_RDWR | O_NOCTTY | O_CLOEXEC);
        REQUIRE(inside >= 0);
    }

    int outside = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    int inside = -1;
};

/// Plays body(Yield&, File& inside, File& outside) on the reactor.
template <class Body>
void with_terminal(const std::string& reactor, Body body)
{
    World world(reactor);
    if (!Terminal::can_be_had())
        return skip("this system has no terminal to give (posix_openpt)");
    const Terminal terminal;
    File outside(world.scheduler, Descriptor(terminal.outside));
    File inside(world.scheduler, Descriptor(terminal.inside));
    world.scheduler.spawn([&](Yield& yield) { body(yield, inside, outside); });
    CHECK(world.scheduler.run().failed == 0);
}

}

TEST_CASE("a program in a terminal reads lines, and whoever shows it reads what it says",
          "[contract][files][terminal]")
{
    with_terminal(
        each_reactor({memory_waits_for_nobody}), [](Yield& yield, File& inside, File& outside) {
            const auto reader = yield(Spawn([&](Yield& y) {
                BufferedReader lines(inside);
                std::string all;
                for (int i = 0; i < 2; ++i)
                    all += std::string(y(lines.read_line()).value_or("?")) + '.';
                y(inside.write("ham\n"));
                return all;
            }));
            yield(outside.write("spam\neggs\n"));
            CHECK(yield(Join(reader)) == "spam.eggs.");
            yield(inside.close());
            CHECK(read_all(yield, outside) == "spam\r\neggs\r\nham\r\n");  // the end, and no error
        });
}

TEST_CASE("who waits for a terminal learns that its other side is closed",
          "[contract][files][terminal]")
{
    with_terminal(
        each_reactor({memory_waits_for_nobody}), [](Yield& yield, File& inside, File& outside) {
            const auto reader = yield(Spawn([&](Yield& y) { return read_all(y, outside); }));
            yield(Pass());
            CHECK_FALSE(reader.finished());
            yield(inside.close());
            CHECK(yield(Join(reader)).empty());
        });
}

TEST_CASE("who writes to a terminal that nobody looks at holds nobody up",
          "[contract][files][terminal]")
{
    with_terminal(each_reactor({memory_waits_for_nobody}), [](Yield& yield, File& inside, File&) {
        const std::string much(1'000'000, 'x');
        auto writing = inside.write(much);
        CHECK_THROWS_AS(yield(writing | within(1s)), TimeoutError);
        CHECK(writing.so_far() < much.size());
    });
}
