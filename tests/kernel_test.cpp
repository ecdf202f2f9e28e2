#include "reactors/fake_kernel.hpp"
#include "tests/support/child.hpp"
#include "tests/support/seccomp.hpp"
#include "tests/support/world.hpp"

#include "reactors/counting_kernel.hpp"
#include "reactors/waker.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <functional>

#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

using namespace cogen;

namespace {

/// Counts the waits that may last.
struct Waits final : Instrument {
    int count = 0;
    void before_wait(Patience patience) noexcept override { count += patience != Duration::zero(); }
};

}

TEST_CASE("to wake what is as awake as can be neither blocks nor touches errno", "[kernel]")
{
    const int status = status_of_child([] {  // which is killed if it blocks
        Waker waker;
        const std::uint64_t much = UINT64_MAX - 1;  // all that an eventfd can count
        if (::write(waker.descriptor().number(), &much, sizeof much) < 0)
            return;  // it is a pipe
        errno = EDOM;
        waker.wake();
        ::_exit(errno == EDOM ? 0 : 1);
    });
    CHECK(status == 0);
}

TEST_CASE("each call is counted under its own name", "[kernel][count]")
{
    FakeKernel fake;
    CountingKernel kernel(fake);
    const Endpoint endpoint("127.0.0.1", 80);
    const Descriptor socket(fake.socket(AF_INET, SOCK_STREAM));
    Descriptor pair[2];
    Descriptor ends[2];
    char byte = 0;
    const iovec part{&byte, 1};
    int value = 0;
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* const address = reinterpret_cast<sockaddr*>(&storage);
    const std::vector<std::pair<std::string_view, std::function<void()>>> calls = {
        {"socket", [&] { kernel.socket(AF_INET, SOCK_STREAM); }},
        {"socketpair", [&] { kernel.socketpair(AF_UNIX, SOCK_STREAM, pair); }},
        {"bind", [&] { kernel.bind(socket, endpoint.data(), endpoint.size()); }},
        {"listen", [&] { kernel.listen(socket, 1); }},
        {"accept", [&] { kernel.accept(socket); }},
        {"connect", [&] { kernel.connect(socket, endpoint.data(), endpoint.size()); }},
        {"recv",
         [&] {
             kernel.recv(pair[0], {&byte, 1});
         }},
        {"send",
         [&] {
             kernel.send(pair[0], {&byte, 1});
         }},
        {"setsockopt", [&] { kernel.setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, 1); }},
        {"getsockopt", [&] { kernel.getsockopt(socket, SOL_SOCKET, SO_ERROR, value); }},
        {"getsockname", [&] { kernel.getsockname(socket, address, size); }},
        {"getpeername", [&] { kernel.getpeername(pair[0], address, size); }},
        {"pipe", [&] { kernel.pipe(ends); }},
        {"fcntl", [&] { kernel.fcntl(ends[0], F_GETFL, 0); }},
        {"write",
         [&] {
             kernel.write(ends[1], {&byte, 1});
         }},
        {"writev",
         [&] {
             kernel.writev(ends[1], {&part, 1});
         }},
        {"read",
         [&] {
             kernel.read(ends[0], {&byte, 1});
         }},
        {"readv",
         [&] {
             kernel.readv(ends[0], {&part, 1});
         }},
        {"poll", [&] { kernel.poll({}, Duration::zero()); }},
        {"shutdown", [&] { kernel.shutdown(pair[0], SHUT_WR); }},
        {"close", [&] { kernel.close(pair[0]); }},
    };
    std::size_t made = 0;
    for (const auto& [name, call] : calls) {
        INFO(name);
        call();
        const std::vector<CallCount> counts = kernel.calls();
        CHECK(counts.size() == ++made);
        const auto found =
            std::find_if(counts.begin(), counts.end(),
                         [&name = name](const CallCount& c) { return c.name == name; });
        REQUIRE(found != counts.end());
        CHECK(found->count == 1);
    }
}

#ifdef SYS_epoll_pwait2

TEST_CASE("epoll without its precise wait rounds up, and so waits once", "[kernel]")
{
    const unsigned error = GENERATE(as<unsigned>(), ENOSYS, EPERM);
    const int status = status_of_child([&] {
        if (!forbid({SYS_epoll_pwait2}, error))
            return;
        Waits waits;
        Scheduler scheduler("epoll");
        scheduler.attach(waits);
        const TimePoint start = Clock::now();
        scheduler.spawn([](Yield& yield) { yield(Sleep(1500us)); });
        scheduler.run();
        ::_exit(waits.count == 1 && Clock::now() - start >= 1500us ? 0 : 1);
    });
    CHECK(status == 0);
}

TEST_CASE("a stack that cannot be guarded is not handed out", "[kernel][stacks]")
{
    const int status = status_of_child([] {
        Stacks stacks(64 * 1024);
        if (!forbid({SYS_madvise}, EINVAL) || !forbid({SYS_mprotect}, ENOMEM))
            return;
        try {
            stacks.take();
        } catch (const system_error& error) {
            ::_exit(error.code().value() == ENOMEM ? 0 : 1);
        }
        ::_exit(2);
    });
    CHECK(status == 0);
}

#endif
