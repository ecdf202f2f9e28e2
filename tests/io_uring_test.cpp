#include "tests/support/child.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/rings.hpp"
#include "tests/support/seccomp.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "cogen/operations/send_descriptors.hpp"

#include "reactors/counting_kernel.hpp"
#include "reactors/kernel_decorator.hpp"
#include "reactors/ring.hpp"
#include "reactors/virtual_clock.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <deque>
#include <thread>

#ifdef __linux__

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

using namespace cogen;

// What the ring has for itself; how it keeps the contract is in tests/contract/.

namespace {

std::uint64_t enters_of(const Scheduler& scheduler)
{
    for (const CallCount& call : scheduler.reactor().calls())
        if (call.name == "io_uring_enter")
            return call.count;
    return 0;
}

/// A scheduler on a small ring, with a clock that jumps.
struct SmallRing {
    explicit SmallRing(unsigned size) : scheduler(make_reactor("io_uring", {size}, clock)) {}

    VirtualClock clock{system_kernel()};
    Scheduler scheduler;
};

void read_one(Yield& yield, const Socket* socket, int* done)
{
    char byte;
    *done += yield(socket->read({&byte, 1})) == 1;
}

/// What a new process, made as `prepare` says, is told when it asks for a ring.
template <class Prepare>
std::string told_where(Prepare prepare)
{
    return child_that_runs([&] {
               ::dup2(2, 1);
               prepare();
               ::execl("/proc/self/exe", "cogen-tests", "[what-of-the-ring]", nullptr);
           })
        .errors;
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}

TEST_CASE("says what comes of asking for a ring", "[.][what-of-the-ring]")
{
    try {
        Scheduler scheduler("io_uring");
        scheduler.spawn([](Yield& yield) { yield(Sleep(1ms)); });
        scheduler.run();
        std::puts("it works");
    } catch (const system_error& error) {
        std::puts(error.what());
    }
    std::puts(std::string(Scheduler().reactor().name()).c_str());
}

TEST_CASE("where a filter forbids rings, who asks for one is told so, and others get another",
          "[io_uring]")
{
    if (!there_is_a_ring())
        return;
    const unsigned setup = SYS_io_uring_setup, enter = SYS_io_uring_enter;
    const unsigned other = SYS_io_uring_register;
    for (const auto& calls :
         {std::initializer_list<unsigned>{setup, enter, other}, {enter}, {other}}) {
        const std::string told = told_where([&] { forbid(calls, EPERM); });
        CAPTURE(told);
        CHECK(contains(told, "io_uring is forbidden here, by a seccomp filter"));
        CHECK(contains(told, "epoll"));
    }
    const std::string told = told_where([&] { forbid({setup, enter, other}, ENOSYS); });
    CAPTURE(told);
    CHECK(contains(told, "has no io_uring"));
}

TEST_CASE("where no memory may be locked for a ring, who asks for one is told the limit",
          "[io_uring]")
{
    if (!there_is_a_ring())
        return;
    const std::string told = told_where([] {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_MEMLOCK, &none);
        if (::setuid(65534) < 0 && ::getuid() == 0)
            ::_exit(1);
    });
    CAPTURE(told);
    if (contains(told, "it works"))
        return skip("this kernel does not count a ring as locked memory");
    CHECK(contains(told, "RLIMIT_MEMLOCK of 0 KiB"));
}

TEST_CASE("where there is no descriptor left for a ring, that is the error", "[io_uring]")
{
    if (!there_is_a_ring())
        return;
    const std::string told = told_where([] {
        const rlimit few{4, 4};
        ::setrlimit(RLIMIT_NOFILE, &few);
    });
    CAPTURE(told);
    CHECK(contains(told, "Too many open files"));
}

TEST_CASE("all that a turn starts is handed over by one call", "[io_uring][count]")
{
    if (!there_is_a_ring())
        return;
    CountingKernel kernel(system_kernel());
    Scheduler scheduler(make_reactor("io_uring", kernel));
    constexpr int many = 60;  // within the turns that they all have at once
    std::deque<std::pair<Socket, Socket>> pairs;
    int done = 0;
    std::uint64_t before = 0;
    for (int i = 0; i < many; ++i) {
        pairs.push_back(socket_pair(scheduler));
        scheduler.spawn(read_one, &pairs.back().first, &done);
    }
    scheduler.spawn([&](Yield& yield) {
        yield(Sleep(Duration(1)));
        before = enters_of(scheduler);
        for (auto& [here, there] : pairs)
            yield(there.write("x"));  // each at once, since nobody else has come forward
    });
    CHECK(scheduler.run().failed == 0);
    CHECK(done == many);
    CHECK(enters_of(scheduler) - before <= many / 5);
    for (const CallCount& call : kernel.calls())
        CHECK(call.name != "recv");
}

TEST_CASE("to sleep on a ring costs one call", "[io_uring][count]")
{
    if (!there_is_a_ring())
        return;
    Scheduler scheduler("io_uring");
    scheduler.spawn([](Yield& yield) { yield(Sleep(20ms)); });
    CHECK(scheduler.run().failed == 0);
    CHECK(enters_of(scheduler) == 1);
}

TEST_CASE("more than a ring takes in or gives back at once is not lost", "[io_uring]")
{
    if (!there_is_a_ring())
        return;
    SmallRing ring(2);
    constexpr int many = 1000;
    std::deque<std::pair<Socket, Socket>> pairs;
    int done = 0;
    for (int i = 0; i < many; ++i)
        pairs.push_back(socket_pair(ring.scheduler));
    for (auto& pair : pairs)
        ring.scheduler.spawn(read_one, &pair.first, &done);
    ring.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));  // until all wait
        for (auto& [here, there] : pairs)
            CHECK(system_kernel().send(there.descriptor(), "x") == 1);
    });
    CHECK(ring.scheduler.run().failed == 0);
    CHECK(done == many);
}

TEST_CASE("a number is the next file's as soon as its descriptor is closed, also before the kernel "
          "has been told of the read",
          "[io_uring][close]")
{
    if (!there_is_a_ring())
        return;
    const bool told = GENERATE(true, false);
    SmallRing ring(64);
    auto [here, there] = socket_pair(ring.scheduler);
    ring.scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        int done = 0;
        const int number = here.descriptor().number();
        const auto reader = yield(Spawn([&](Yield& y) {
            char byte;
            return error_of(y, here.read({&byte, 1}));
        }));
        if (told)
            yield(Sleep(1s));
        here = Socket();  // closed
        auto next = socket_pair(ring.scheduler);
        REQUIRE(next.first.descriptor().number() == number);
        const auto next_reader = yield(Spawn(read_one, &next.first, &done));
        char byte;
        CHECK(yield(there.read({&byte, 1})) == 0);  // the peer has heard of it
        CHECK(yield(Join(reader)) == errc::closed);
        CHECK(done == 0);
        yield(next.second.write("x"));
        yield(Join(next_reader));
        CHECK(done == 1);
    });
    CHECK(ring.scheduler.run().failed == 0);
}

TEST_CASE("whoever accepts and is cancelled loses no connection and leaves no descriptor open",
          "[io_uring][accept]")
{
    if (!there_is_a_ring())
        return;
    SmallRing ring(64);
    const std::size_t before = open_numbers().size();
    ring.scheduler.spawn([&](Yield& yield) {
        const Listener listener = yield(Listen({"127.0.0.1", 0}));
        int accepted = 0;
        constexpr int many = 100;
        for (int i = 0; i < many; ++i) {
            const auto acceptor = yield(Spawn([&](Yield& y) {
                const Socket socket = y(listener.accept());
                ++accepted;
            }));
            const Socket client = yield(Connect(listener.endpoint()));
            ring.scheduler.cancel(acceptor);
            yield(Join(acceptor) | as_tuple);
        }
        for (; accepted < many; ++accepted)
            const Socket late = yield(listener.accept());
    });
    CHECK(ring.scheduler.run().failed == 0);
    CHECK(open_numbers().size() == before);
}

TEST_CASE("a ring is its scheduler's first thread's, whoever has made it", "[io_uring][threads]")
{
    if (!there_is_a_ring())
        return;
    Scheduler scheduler("io_uring");
    const auto run = [&] {
        scheduler.spawn([](Yield& yield) { yield(Sleep(1ms)); });
        return scheduler.run().finished;
    };
    std::size_t finished = 0;
    std::thread first([&] { finished = run(); });
    first.join();
    CHECK(finished == 1);
    try {
        run();
        skip("this kernel lets any thread enter a ring");
    } catch (const system_error& error) {
        CHECK(contains(error.what(), "the thread that ran its scheduler first"));
    }
}

TEST_CASE("two rings in two threads do not know each other", "[io_uring][threads]")
{
    if (!there_is_a_ring())
        return;
    const auto talk = [](std::string* got) {
        Scheduler scheduler("io_uring");
        auto [here, there] = socket_pair(scheduler);
        scheduler.spawn([&, &here = here](Yield& yield) { *got = read_up_to(yield, here, 500); });
        scheduler.spawn([&, &there = there](Yield& yield) {
            for (int i = 0; i < 500; ++i)
                yield(there.write("x"));
        });
        scheduler.run();
    };
    std::string one, other;
    std::thread thread(talk, &one);
    talk(&other);
    thread.join();
    CHECK(one == std::string(500, 'x'));
    CHECK(other == one);
}

TEST_CASE("a socket may be destroyed by who made the scheduler, after another thread has run it",
          "[io_uring][threads]")
{
    if (!there_is_a_ring())
        return;
    const std::string much(8'000'000, 'x');
    Scheduler scheduler("io_uring");
    auto [here, there] = socket_pair(scheduler);
    std::thread thread([&, &here = here] {
        scheduler.spawn([&](Yield& yield) {
            CHECK_THROWS_AS(yield(here.write(much) | within(1ms)), TimeoutError);
        });
        scheduler.run();
    });
    thread.join();
    const int number = here.descriptor().number();
    here = Socket();  // its last poll is called off, and the ring has not heard of that
    CHECK(::fcntl(number, F_GETFD) < 0);
}

TEST_CASE("a descriptor that is passed on is the file that it was when that was asked for",
          "[io_uring][send_descriptors]")
{
    if (!there_is_a_ring())
        return;
    Scheduler scheduler("io_uring");
    auto [a, tells_a] = socket_pair(scheduler);
    auto [b, tells_b] = socket_pair(scheduler);
    auto [here, there] = socket_pair(scheduler);
    auto [one, one_end] = cogen::pipe(scheduler);
    auto [other, other_end] = cogen::pipe(scheduler);
    const auto file_of = [](Descriptor descriptor) {
        struct stat status {};
        ::fstat(descriptor.number(), &status);
        return status.st_ino;
    };
    const auto wanted = file_of(one.descriptor());
    char byte;
    scheduler.spawn([&, &a = a, &here = here, &one = one](Yield& yield) {
        yield(a.read({&byte, 1}));
        yield(here.send_descriptors({one.descriptor()}, "x"));
    });
    scheduler.spawn([&, &b = b, &one = one, &other = other](Yield& yield) {
        yield(b.read({&byte, 1}));
        ::dup2(other.descriptor().number(), one.descriptor().number());
    });
    scheduler.spawn([&, &tells_a = tells_a, &tells_b = tells_b, &there = there](Yield& yield) {
        ::send(tells_a.descriptor().number(), "a", 1, 0);  // so that both come in one turn
        ::send(tells_b.descriptor().number(), "b", 1, 0);
        std::array<OpenDescriptor, 1> got;
        char received;
        CHECK(yield(there.receive_descriptors({&received, 1}, got)).count == 1);
        CHECK(file_of(got[0].get()) == wanted);
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("a read that is cancelled before the bytes come leaves them to the next, in whatever way "
          "the ring is set up",
          "[io_uring]")
{
    if (!there_is_a_ring())
        return;
    const auto way = GENERATE(Ring::Way::deferred, Ring::Way::cooperative, Ring::Way::at_once);
    VirtualClock clock(system_kernel());
    Scheduler scheduler(make_io_uring_reactor(std::make_unique<Ring>(64, way), {}, clock));
    auto [here, there] = socket_pair(scheduler);
    scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        char byte;
        const auto first = yield(Spawn([&](Yield& y) { y(here.read({&byte, 1})); }));
        yield(Sleep(1s));
        scheduler.cancel(first);
        yield(there.write("x"));
        CHECK(error_of(yield, Join(first)) == errc::cancelled);
        CHECK(yield(here.read({&byte, 1}) | within(1s)) == 1);
    });
    CHECK(scheduler.run().failed == 0);
}

namespace {

/// Gives a byte a call, and says twice that there is none.
class Reluctant final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    ssize_t recv(Descriptor descriptor, MutableBuffer buffer) override
    {
        ++calls;
        if (calls == 2 || calls == 3)
            return -EAGAIN;
        return KernelDecorator::recv(descriptor, {buffer.data(), 1});
    }

    int calls = 0;
};

}

TEST_CASE("who has much to do when he is told to attempt again comes to the end of it",
          "[io_uring]")
{
    if (!there_is_a_ring())
        return;
    Reluctant kernel(system_kernel());
    Scheduler scheduler(make_reactor("io_uring", kernel));
    auto [here, there] = socket_pair(scheduler);
    const std::string sent(100, 'x');
    std::array<char, 100> buffer;
    std::size_t read = 0;
    scheduler.spawn(
        [&, &here = here](Yield& yield) { read = yield(here.read_exactly(buffer) | within(10s)); });
    scheduler.spawn([&, &here = here, &there = there](Yield& yield) {
        ::send(there.descriptor().number(), sent.data(), sent.size(), 0);
        for (int turns = 0; kernel.calls < 3 && turns < 10'000; ++turns)
            yield(Sleep(1ms));
        scheduler.reactor().retry(here.descriptor());
    });
    CHECK(scheduler.run().failed == 0);
    CHECK(read == sent.size());
}

#endif
