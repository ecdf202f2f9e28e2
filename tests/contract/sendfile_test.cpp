#include "tests/support/child.hpp"
#include "tests/support/files.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/kernel_decorator.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

using namespace cogen;

namespace {

/// A file without a name, with these bytes in it.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& bytes)
    {
        REQUIRE(::write(number_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    ~TemporaryFile() { ::close(number_); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    Descriptor descriptor() const { return Descriptor(number_); }
    off_t offset() const { return ::lseek(number_, 0, SEEK_CUR); }

private:
    int number_ = temporary_file().number();
};

/// A peer that takes whatever it is sent, at once, however much that is.
struct GreedyPeer final : KernelDecorator {
    using KernelDecorator::KernelDecorator;
    ssize_t sendfile(Descriptor, Descriptor, off_t, std::size_t count) override
    {
        return static_cast<ssize_t>(count);
    }
};

std::string numbered_lines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += std::to_string(i) + '\n';
    return text;
}

}

TEST_CASE("a file is sent whole, from an offset, or so much of it", "[sendfile][contract]")
{
    World world(each_reactor());
    const TemporaryFile file("spam, ham and eggs");
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const Descriptor from = file.descriptor();
        const off_t before = file.offset();
        CHECK(yield(here.sendfile(from)) == 18);
        CHECK(yield(here.sendfile(from, 6)) == 12);
        CHECK(yield(here.sendfile(from, 6, 3)) == 3);
        CHECK(yield(here.sendfile(from, 14, 100)) == 4);  // the file ends
        CHECK(yield(here.sendfile(from, 18)) == 0);
        CHECK(yield(here.sendfile(from, 100)) == 0);
        CHECK(yield(here.sendfile(from, 0, 0)) == 0);
        CHECK(file.offset() == before);
        CHECK(read_up_to(yield, there, 18) == "spam, ham and eggs");
        CHECK(read_up_to(yield, there, 12) == "ham and eggs");
        CHECK(read_up_to(yield, there, 7) == "hameggs");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a file larger than any buffer arrives whole, and others run meanwhile",
          "[sendfile][contract]")
{
    World world(each_reactor());
    const std::string text = numbered_lines(1'500'000);
    const TemporaryFile file(text);
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto sender = yield(
            Spawn([&, &here = here](Yield& y) { return y(here.sendfile(file.descriptor())); }));
        CHECK_FALSE(sender.finished());  // it waits for room
        CHECK(read_up_to(yield, there, text.size()) == text);
        CHECK(yield(Join(sender)) == text.size());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("the sending of a file that is timed out tells how much has gone", "[sendfile][contract]")
{
    World world(each_reactor());
    const std::string text = numbered_lines(1'500'000);
    const TemporaryFile file(text);
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        auto sending = here.sendfile(file.descriptor());
        CHECK_THROWS_AS(yield(sending | within(1s)), TimeoutError);
        CHECK(sending.so_far() > 0);
        yield(here.close());
        CHECK(read_up_to(yield, there, text.size()) == text.substr(0, sending.so_far()));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("to send what is no file, or to a peer that is gone, is an error and no signal",
          "[sendfile][contract]")
{
    World world(each_reactor());
    struct sigaction by_default {};
    struct sigaction before {};
    by_default.sa_handler = SIG_DFL;
    ::sigaction(SIGPIPE, &by_default, &before);
    const TemporaryFile file(numbered_lines(1000));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        CHECK(error_of(yield, here.sendfile(Descriptor(19'000))).value() == EBADF);
        yield(there.close());
        error_code error;
        for (int i = 0; i < 10 && !error; ++i) {  // the first may still go out
            error = error_of(yield, here.sendfile(file.descriptor()));
            yield(Sleep(1s));
        }
        CHECK((error.value() == EPIPE || error.value() == ECONNRESET));
    });
    CHECK(world.scheduler.run().failed == 0);
    sigset_t pending;
    ::sigpending(&pending);
    CHECK(sigismember(&pending, SIGPIPE) == 0);
    ::sigaction(SIGPIPE, &before, nullptr);
}

TEST_CASE(
    "a large file that is sent to a peer that is gone raises no SIGPIPE where that would kill",
    "[sendfile][contract]")
{
    const std::string name = each_reactor({{"memory", "it knows no signals"}});
    const TemporaryFile file(numbered_lines(500'000));
    const Child child = child_that_runs([&] {
        std::signal(SIGPIPE, SIG_DFL);
        World world(name);
        error_code error;
        world.scheduler.spawn([&](Yield& yield) {
            auto [here, there] = connection(yield);
            yield(there.close());
            error = error_of(yield, here.sendfile(file.descriptor()));
        });
        world.scheduler.run();
        ::_exit(error.value() == EPIPE || error.value() == ECONNRESET ? 0 : 1);
    });
    CHECK(child.status == 0);
}

TEST_CASE("a file is sent to a socket taken over whose calls block, and others run meanwhile",
          "[sendfile][contract]")
{
    World world(each_reactor({{"memory", "its sockets never block"}}));
    const std::string text = numbered_lines(500'000);
    const TemporaryFile file(text);
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const Socket here(world.scheduler, Descriptor(ends[0]));
    const Socket there(world.scheduler, Descriptor(ends[1]));
    world.scheduler.spawn([&](Yield& yield) {
        const auto sender =
            yield(Spawn([&](Yield& y) { return y(here.sendfile(file.descriptor())); }));
        CHECK(read_up_to(yield, there, text.size()) == text);
        CHECK(yield(Join(sender)) == text.size());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a peer that takes a large file as fast as it comes does not keep others from running",
          "[sendfile][contract]")
{
    const std::string name = each_reactor({{"late", "it attempts until all is sent"}});
    const auto inner = kernel_for(name);
    GreedyPeer kernel(*inner);
    Scheduler scheduler(reactor_named(name, kernel));
    auto [here, there] = socket_pair(scheduler);
    const TemporaryFile file("");
    scheduler.spawn([&, &here = here](Yield& yield) {
        constexpr std::uint64_t size = 1 << 30;
        const auto sender = yield(Spawn(
            [&, &here = here](Yield& y) { return y(here.sendfile(file.descriptor(), 0, size)); }));
        int turns = 0;
        for (; !sender.finished(); ++turns)
            yield(Sleep(0s));
        CHECK(turns > 10);
        CHECK(yield(Join(sender)) == size);
    });
    CHECK(scheduler.run().failed == 0);
}
