// What is open and no socket: pipes, terminals, counters, and what is always ready.
#include "tests/support/descriptors.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "cogen/file.hpp"
#include "cogen/standard_streams.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif
#include <sys/socket.h>
#include <unistd.h>

using namespace cogen;

namespace {

const NotApplicable memory_never_blocks{"memory", "its pipes never block"};
const NotApplicable memory_waits_for_nobody{"memory", "it waits for nothing, nor for a terminal"};

/// Both ends of a pipe as another program might hand them to us: they block.
std::pair<File, File> blocking_pipe(Scheduler& scheduler)
{
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    return {File(scheduler, Descriptor(ends[0])), File(scheduler, Descriptor(ends[1]))};
}

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

/// An empty file without a name.
Descriptor temporary_file()
{
    char name[] = "/tmp/cogen-test-XXXXXX";
    const int number = ::mkostemp(name, O_CLOEXEC);
    REQUIRE(number >= 0);
    ::unlink(name);
    return Descriptor(number);
}

/// Reads until the end.
std::string read_all(Yield& yield, const File& file)
{
    std::string all;
    std::array<char, 4096> buffer;
    while (const std::size_t count = yield(file.read(buffer)))
        all.append(buffer.data(), count);
    return all;
}

std::string letters(std::size_t size)
{
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>('a' + i % 23);
    return text;
}

/// While it lives, SIGPIPE kills.
struct DeadlySigpipe {
    DeadlySigpipe()
    {
        struct sigaction by_default {};
        by_default.sa_handler = SIG_DFL;
        ::sigaction(SIGPIPE, &by_default, &before);
    }
    ~DeadlySigpipe() { ::sigaction(SIGPIPE, &before, nullptr); }

    struct sigaction before {};
};

bool is_pending(int signal)
{
    sigset_t pending;
    ::sigpending(&pending);
    return sigismember(&pending, signal) == 1;
}

}

TEST_CASE("what is written to a pipe is read from it, in all the ways of a stream",
          "[contract][files]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        CHECK(yield(in.write("spam\neggs and ")) == 14);
        CHECK(yield(in.write_some("ham")) == 3);
        CHECK(yield(in.writev({"and ", "", "beans"})) == 9);
        BufferedReader reader(out, 8);
        CHECK(yield(reader.read_line()) == "spam");
        std::string rest(reader.buffered());
        std::array<char, 4> four;
        yield(out.read_exactly(four));
        rest.append(four.data(), 4);
        std::array<char, 2> two;
        std::array<char, 100> more;
        const std::size_t count = yield(out.readv({MutableBuffer(two), MutableBuffer(more)}));
        rest.append(two.data(), 2).append(more.data(), count - 2);
        CHECK(rest == "eggs and hamand beans");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a reader of a pipe waits, and the others run meanwhile", "[contract][files]")
{
    const std::string name = each_reactor();
    World world(name);
    const bool blocks = name != "memory" && GENERATE(false, true);
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = blocks ? blocking_pipe(world.scheduler) : cogen::pipe(world.scheduler);
        const auto reader = yield(Spawn([&out = out](Yield& y) { return read_all(y, out); }));
        for (const char* word : {"spam ", "and ", "eggs"}) {
            yield(Sleep(1s));
            CHECK_FALSE(reader.finished());
            yield(in.write(std::string_view(word)));
        }
        yield(in.close());
        CHECK(yield(Join(reader)) == "spam and eggs");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a writer waits for room in a pipe, and all that it writes arrives", "[contract][files]")
{
    const std::string name = each_reactor();
    World world(name);
    const bool blocks = name != "memory" && GENERATE(false, true);
    const bool vectored = GENERATE(false, true);
    const std::string text = letters(1'000'000);
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = blocks ? blocking_pipe(world.scheduler) : cogen::pipe(world.scheduler);
        const auto writer = yield(Spawn([&, &in = in](Yield& y) {
            const ConstBuffer first(text.data(), 100);
            const ConstBuffer second(text.data() + 100, text.size() - 100);
            const std::size_t count = vectored ? y(in.writev({first, second})) : y(in.write(text));
            y(in.close());
            return count;
        }));
        yield(Sleep(1s));
        CHECK_FALSE(writer.finished());
        CHECK(read_all(yield, out) == text);
        CHECK(yield(Join(writer)) == text.size());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("to write to a pipe that nobody reads is an error and no signal", "[contract][files]")
{
    World world(each_reactor());
    const DeadlySigpipe deadly;
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        const auto writer = yield(Spawn([&in = in](Yield& y) {
            return error_of(y, in.write(letters(1'000'000))).value();  // it waits for room
        }));
        yield(Sleep(1s));
        yield(out.close());
        CHECK(yield(Join(writer)) == EPIPE);
        CHECK(error_of(yield, in.write("spam")).value() == EPIPE);
        CHECK(error_of(yield, in.write_some("spam")).value() == EPIPE);
        CHECK(error_of(yield, in.writev({"sp", "am"})).value() == EPIPE);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK_FALSE(is_pending(SIGPIPE));
}

TEST_CASE("a SIGPIPE that was pending before a write stays so", "[contract][files]")
{
    World world(each_reactor());
    const DeadlySigpipe deadly;
    sigset_t sigpipe;
    sigset_t before;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
    ::raise(SIGPIPE);
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        yield(out.close());
        CHECK(error_of(yield, in.write("spam")).value() == EPIPE);
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(is_pending(SIGPIPE));
    int taken = 0;
    if (is_pending(SIGPIPE))
        ::sigwait(&sigpipe, &taken);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("what ends early at a pipe loses nothing, and tells how far it has come",
          "[contract][files]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        std::array<char, 100> buffer;
        CHECK_THROWS_AS(yield(out.read(buffer) | within(1s)), TimeoutError);
        const auto reader = yield(Spawn([&out = out](Yield& y) { return read_all(y, out); }));
        CHECK_THROWS_AS(yield(out.read(buffer)), SimultaneousError);
        yield(Sleep(1s));
        world.scheduler.cancel(reader);
        yield(Join(reader) | as_tuple);

        const std::string text = letters(1'000'000);
        auto writing = in.write(text);
        CHECK_THROWS_AS(yield(writing | within(1s)), TimeoutError);
        CHECK(writing.so_far() > 0);
        yield(in.close());
        CHECK(read_all(yield, out) == text.substr(0, writing.so_far()));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who waits at a pipe when that is closed is told so", "[contract][files]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        std::array<char, 100> buffer;
        const auto reader =
            yield(Spawn([&, &out = out](Yield& y) { return error_of(y, out.read(buffer)); }));
        yield(Sleep(1s));
        yield(out.close());
        CHECK(yield(Join(reader)) == errc::closed);
    });
    CHECK(world.scheduler.run().failed == 0);
}

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

TEST_CASE("a program in a terminal reads lines, and whoever shows it reads what it says",
          "[contract][files]")
{
    World world(each_reactor({memory_waits_for_nobody}));
    if (!Terminal::can_be_had())
        return skip("this system has no terminal to give (posix_openpt)");
    const Terminal terminal;
    const File outside(world.scheduler, Descriptor(terminal.outside));
    File inside(world.scheduler, Descriptor(terminal.inside));
    world.scheduler.spawn([&](Yield& yield) {
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
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who waits for a terminal learns that its other side is closed", "[contract][files]")
{
    World world(each_reactor({memory_waits_for_nobody}));
    if (!Terminal::can_be_had())
        return skip("this system has no terminal to give (posix_openpt)");
    const Terminal terminal;
    const File outside(world.scheduler, Descriptor(terminal.outside));
    File inside(world.scheduler, Descriptor(terminal.inside));
    world.scheduler.spawn([&](Yield& yield) {
        const auto reader = yield(Spawn([&](Yield& y) { return read_all(y, outside); }));
        yield(Pass());
        CHECK_FALSE(reader.finished());
        yield(inside.close());
        CHECK(yield(Join(reader)).empty());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who writes to a terminal that nobody looks at holds nobody up", "[contract][files]")
{
    World world(each_reactor({memory_waits_for_nobody}));
    if (!Terminal::can_be_had())
        return skip("this system has no terminal to give (posix_openpt)");
    const Terminal terminal;
    const File outside(world.scheduler, Descriptor(terminal.outside));
    const File inside(world.scheduler, Descriptor(terminal.inside));
    world.scheduler.spawn([&](Yield& yield) {
        const std::string much(1'000'000, 'x');
        auto writing = inside.write(much);
        CHECK_THROWS_AS(yield(writing | within(1s)), TimeoutError);
        CHECK(writing.so_far() < much.size());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what is taken over blocks again when it is given back, and not before",
          "[contract][files]")
{
    World world(each_reactor({memory_never_blocks}));
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

TEST_CASE("that others have it block meanwhile holds nobody up", "[contract][files]")
{
    World world(each_reactor({memory_never_blocks}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        for (const File* end : {&out, &in})
            REQUIRE(::fcntl(end->descriptor().number(), F_SETFL, 0) == 0);
        const auto reader = yield(Spawn([&out = out](Yield& y) { return read_all(y, out); }));
        yield(Sleep(1s));
        CHECK_FALSE(reader.finished());
        const std::string text = letters(1'000'000);
        yield(in.write(text));
        yield(in.close());
        CHECK(yield(Join(reader)) == text);
    });
    CHECK(world.scheduler.run().failed == 0);
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

TEST_CASE("an end of a pipe is for one direction only", "[contract][files]")
{
    World world(each_reactor({{"late", "it attempts when an end is ready, which this never is"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        char byte = 'x';
        CHECK(error_of(yield, in.read({&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, out.write({&byte, 1})).value() == EBADF);
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
