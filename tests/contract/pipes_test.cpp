// Pipes, also those that others have opened.
#include "tests/support/files.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

using namespace cogen;

namespace {

/// Both ends of a pipe as another program might hand them to us: they block.
std::pair<File, File> blocking_pipe(Scheduler& scheduler)
{
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    return {File(scheduler, Descriptor(ends[0])), File(scheduler, Descriptor(ends[1]))};
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

TEST_CASE("that others have it block meanwhile holds nobody up", "[contract][files]")
{
    World world(each_reactor({{"memory", "its pipes never block"}}));
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

TEST_CASE("an end of a pipe is for one direction only", "[contract][files]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        char byte = 'x';
        CHECK(error_of(yield, in.read({&byte, 1})).value() == EBADF);
        CHECK(error_of(yield, out.write({&byte, 1})).value() == EBADF);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("that an end of a pipe is for the other direction is told also to who reads after "
          "somebody has waited",
          "[contract][files]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [out, in] = cogen::pipe(world.scheduler);
        const auto writer = yield(Spawn([&in = in](Yield& y) { y(in.write(letters(1'000'000))); }));
        CHECK(error_of(yield, WaitReadable(in.descriptor()) | within(1s)) == errc::timed_out);
        char byte;
        CHECK(error_of(yield, in.read({&byte, 1}) | within(1s)).value() == EBADF);
        world.scheduler.cancel(writer);
    });
    CHECK(world.scheduler.run().failed == 0);
}
