// What is always ready, counters, and files that others have, too.
#include "tests/support/descriptors.hpp"
#include "tests/support/files.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cerrno>

#include <fcntl.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif
#include <unistd.h>

using namespace cogen;

TEST_CASE("a regular file is always ready, however much is written and read", "[contract][files]")
{
    World world(each_reactor());
    const std::string text = letters(40'000'000);  // more than is written in one turn
    world.scheduler.spawn([&](Yield& yield) {
        const File file(world.scheduler, temporary_file());
        const auto writer =
            yield(Spawn([&](Yield& y) { return y(file.write(text) | within(1h)); }));
        CHECK(yield(Join(writer)) == text.size());
        REQUIRE(::lseek(file.descriptor().number(), 0, SEEK_SET) == 0);
        std::string again(text.size(), ' ');
        CHECK(yield(file.read_exactly(again) | within(1h)) == text.size());
        CHECK(again == text);
        char byte;
        CHECK(yield(file.read({&byte, 1})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("/dev/null takes all and has nothing", "[contract][files]")
{
    World world(each_reactor());
    const std::string text = letters(40'000'000);
    world.scheduler.spawn([&](Yield& yield) {
        const File null(world.scheduler, Descriptor(::open("/dev/null", O_RDWR | O_CLOEXEC)));
        CHECK(yield(null.write(text) | within(1h)) == text.size());
        char byte;
        CHECK(yield(null.read({&byte, 1})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who is cancelled while he writes to what is always ready writes no more",
          "[contract][files]")
{
    World world(each_reactor({{"late", "it attempts until all is written"}}));
    const std::string text = letters(40'000'000);
    world.scheduler.spawn([&](Yield& yield) {
        const File null(world.scheduler, Descriptor(::open("/dev/null", O_RDWR | O_CLOEXEC)));
        const auto writer = yield(Spawn([&](Yield& y) { y(null.write(text)); }));
        CHECK_FALSE(writer.finished());
        world.scheduler.cancel(writer);
        yield(Join(writer) | as_tuple);
        CHECK(writer.cancelled());
        CHECK(world.scheduler.reactor().empty());
        CHECK(yield(null.write("spam")) == 4);
    });
    CHECK(world.scheduler.run().failed == 0);
}

#ifdef __linux__
TEST_CASE("a counter of the system is waited for, and added to", "[contract][files]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const File counter(world.scheduler, Descriptor(::eventfd(0, EFD_CLOEXEC)));
        const auto reader = yield(Spawn([&](Yield& y) {
            std::uint64_t count = 0;
            CHECK(y(counter.read({&count, sizeof count})) == sizeof count);
            return count;
        }));
        yield(Sleep(1s));
        CHECK_FALSE(reader.finished());
        const std::uint64_t more = 3;
        yield(counter.write({&more, sizeof more}));
        CHECK(yield(Join(reader)) == 3);
    });
    CHECK(world.scheduler.run().failed == 0);
}
#endif

TEST_CASE("what is taken over blocks again when it is given back, and not before",
          "[contract][files]")
{
    World world(each_reactor({{"memory", "its pipes never block"}}));
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const Descriptor shared(::dup(ends[0]));  // of the same open file
    CHECK(blocks(shared));
    {
        File file(world.scheduler, Descriptor(ends[0]));
        CHECK_FALSE(blocks(shared));
        File moved = std::move(file);
        file = File();
        CHECK_FALSE(blocks(shared));
        CHECK(moved.release() == Descriptor(ends[0]));
        CHECK(blocks(shared));
    }
    {
        const File file(world.scheduler, Descriptor(ends[0]));
        CHECK_FALSE(blocks(shared));
    }
    CHECK(blocks(shared));

    ::fcntl(shared.number(), F_SETFL, O_NONBLOCK);
    {
        const File file(world.scheduler, Descriptor(::dup(shared.number())));
    }
    CHECK_FALSE(blocks(shared));  // as before
    ::close(shared.number());
    ::close(ends[1]);
}

TEST_CASE("what cannot be read or written says why", "[contract][files]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        char byte = 'x';
        CHECK(error_of(yield, File().read({&byte, 1})).value() == EBADF);
        const File folder(world.scheduler, Descriptor(::open("/", O_RDONLY | O_CLOEXEC)));
        CHECK(error_of(yield, folder.read({&byte, 1})).value() == EISDIR);
        CHECK(yield(out.read({nullptr, 0})) == 0);
        CHECK(yield(in.write("")) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what the program is given to read is read, and stays as it is for others",
          "[contract][files]")
{
    World world(each_reactor());
    const bool regular = GENERATE(false, true);
    const int before = ::dup(0);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const Descriptor file = temporary_file();
    REQUIRE(::write(regular ? file.number() : ends[1], "spam\neggs\n", 10) == 10);
    ::lseek(file.number(), 5, SEEK_SET);
    REQUIRE(::dup2(regular ? file.number() : ends[0], 0) == 0);
    ::close(ends[1]);
    world.scheduler.spawn([&](Yield& yield) {
        File input = standard_input(world.scheduler);
        CHECK((regular || !blocks(input.descriptor())));
        CHECK((regular || blocks(Descriptor(0))));
        CHECK(read_all(yield, input) == (regular ? "eggs\n" : "spam\neggs\n"));
        yield(input.close());
        CHECK(blocks(Descriptor(0)));  // and is open
    });
    CHECK(world.scheduler.run().failed == 0);
    ::dup2(before, 0);
    for (const int number : {before, ends[0], file.number()})
        ::close(number);
}
