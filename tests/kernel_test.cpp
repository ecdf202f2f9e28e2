#include "reactors/fake_kernel.hpp"
#include "tests/support/child.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/counting_kernel.hpp"
#include "reactors/waker.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <functional>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/time.h>
#include <unistd.h>

#if __has_include(<linux/seccomp.h>)
#include <cstddef>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

using namespace cogen;

namespace {

/// The descriptors of this process that are open.
std::vector<int> open_numbers()
{
    std::vector<int> all;
    for (int number = 0; number < 1000; ++number)
        if (::fcntl(number, F_GETFD) >= 0)
            all.push_back(number);
    return all;
}

bool is_set(Descriptor descriptor, int level, int name)
{
    int value = 0;
    return system_kernel().getsockopt(descriptor, level, name, value) == 0 && value != 0;
}

bool blocks(Descriptor descriptor)
{
    return (::fcntl(descriptor.number(), F_GETFL) & O_NONBLOCK) == 0;
}

/// Counts the waits that may last.
struct Waits final : Instrument {
    int count = 0;
    void before_wait(Patience patience) noexcept override { count += patience != Duration::zero(); }
};

volatile std::sig_atomic_t alarms = 0;

}

TEST_CASE("what cogen opens is closed on exec, and sockets neither block nor hold packets back",
          "[kernel]")
{
    const std::vector<int> before = open_numbers();
    World world(each_real_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const auto client = yield(Spawn([&](Yield& y) { return y(Connect(listener.endpoint())); }));
        const Socket accepted = yield(listener.accept());
        const Socket connected = yield(Join(client));
        const auto [one, other] = socket_pair(world.scheduler);

        CHECK(is_set(listener.descriptor(), SOL_SOCKET, SO_REUSEADDR));
        CHECK(is_set(accepted.descriptor(), IPPROTO_TCP, TCP_NODELAY));
        CHECK(is_set(connected.descriptor(), IPPROTO_TCP, TCP_NODELAY));
        for (const Descriptor descriptor :
             {listener.descriptor(), accepted.descriptor(), connected.descriptor(),
              one.descriptor(), other.descriptor()})
            CHECK_FALSE(blocks(descriptor));
        int opened = 0;
        for (const int number : open_numbers())
            if (std::find(before.begin(), before.end(), number) == before.end()) {
                CAPTURE(number);
                CHECK((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
                ++opened;
            }
        CHECK(opened >= 5);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("nothing stays open of a scheduler, nor of what failed", "[kernel]")
{
    const std::vector<int> before = open_numbers();
    {
        World world(each_real_reactor());
        world.scheduler.spawn([&](Yield& yield) {
            Endpoint nobody;
            {
                Listener listener = yield(Listen({"127.0.0.1", 0}));
                CHECK(error_of(yield, Listen(listener.endpoint())).value() == EADDRINUSE);
                nobody = listener.endpoint();
            }
            CHECK(error_of(yield, Connect(nobody)).value() == ECONNREFUSED);
            CHECK(error_of(yield, Connect(Endpoint())).value() == EAFNOSUPPORT);
        });
        CHECK(world.scheduler.run().failed == 0);
    }
    CHECK(open_numbers() == before);
}

TEST_CASE("to close what is closed already is the system's error", "[kernel][close]")
{
    OpenDescriptor survivor;
    {
        World world(each_real_reactor());
        world.scheduler.spawn([&](Yield& yield) {
            auto [here, there] = socket_pair(world.scheduler);
            ::close(here.descriptor().number());
            CHECK(error_of(yield, here.close()).value() == EBADF);
            CHECK_FALSE(here);
        });
        CHECK(world.scheduler.run().failed == 0);
        survivor = OpenDescriptor(world.scheduler, socket_pair(world.scheduler).first.release());
    }
    ::close(survivor.get().number());
    CHECK(survivor.close().value() == EBADF);
}

TEST_CASE("signals that arrive during a wait neither end it with an error nor go lost",
          "[kernel][reactor]")
{
    const auto reactor = make_reactor(each_system_reactor());
    alarms = 0;
    struct sigaction action {};
    struct sigaction old {};
    action.sa_handler = [](int) { alarms = alarms + 1; };
    ::sigaction(SIGALRM, &action, &old);
    itimerval timer{{0, 2000}, {0, 2000}};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
    while (alarms < 3)
        CHECK_FALSE(reactor->wait(std::nullopt));  // nobody but the signal ends it
    timer = {};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
    ::sigaction(SIGALRM, &old, nullptr);
}

TEST_CASE("to wake what is as awake as can be neither blocks nor touches errno",
          "[kernel][reactor]")
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
    char byte = 0;
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

#if defined SECCOMP_RET_ERRNO && defined SYS_epoll_pwait2

namespace {

/// Lets a system call fail from now on, for good. False where that cannot be had.
bool forbid(long call, unsigned error)
{
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
           && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}

TEST_CASE("epoll without its precise wait rounds up, and so waits once", "[kernel][reactor]")
{
    const unsigned error = GENERATE(as<unsigned>(), ENOSYS, EPERM);
    const int status = status_of_child([&] {
        if (!forbid(SYS_epoll_pwait2, error))
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
        if (!forbid(SYS_madvise, EINVAL) || !forbid(SYS_mprotect, ENOMEM))
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
