#include "tests/support/child.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <climits>
#include <cstdlib>
#include <thread>

#include <sys/mman.h>

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

using namespace cogen;

namespace {

bool faults_are_the_sanitizers()
{
#ifdef BOOST_USE_ASAN
    skip("AddressSanitizer has faults and signal stacks for itself");
    return true;
#else
    return false;
#endif
}

/// Without end, in effect.
int fall(const volatile char* above, int depth)
{
    volatile char here[200];
    here[0] = *above;
    return depth == INT_MAX ? 0 : fall(here, depth + 1) + here[0];
}

void recurse(Yield& yield)
{
    const volatile char start = 1;
    yield(Pass());
    fall(&start, 0);
}

void use_one_huge_frame(Yield& yield)
{
    std::array<char, 900'000> huge;
    asm volatile("" : : "r"(huge.data()) : "memory");  // or a compiler keeps only what is used
    yield(Pass());
    asm volatile("" : : "r"(huge.data()) : "memory");
}

void do_without_signal_stack()
{
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
}

unsigned spawned_in_line = 0;

/// In a child process, and with others around it that do well.
template <class F>
void run_among_others(F function)
{
    World world("poll");
    const auto idle = [](Yield& yield) { yield(Sleep(1h)); };
    world.scheduler.spawn(idle);
    spawned_in_line = __LINE__ + 1;
    world.scheduler.spawn(function).named("walker");
    world.scheduler.spawn(idle);
    world.scheduler.run();
}

/// Of the walker. A child's copy of the variable is not ours, so ours is written here.
std::string spawn_site()
{
    run_among_others([](Yield&) {});
    return "stack_overflow_test.cpp:" + std::to_string(spawned_in_line);
}

/// From now on this process can guard stacks by mprotect() only. False: that cannot be had.
bool lose_guard_install()
{
#ifdef __linux__
    constexpr unsigned advice = offsetof(seccomp_data, args[2]);  // its lower half
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, advice),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 102, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter{std::size(program), program};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
           && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0
           && !Stacks::guards_are_unlimited();
#else
    return true;
#endif
}

const void* fault_address = nullptr;

/// Says what it was told, and ends the process.
void tell(int signal, siginfo_t* info, void* context)
{
    const bool right = signal == SIGSEGV && info->si_addr == fault_address && context;
    ::_exit(right ? 41 : 42);
}

void handle_before(void (*handler)(int, siginfo_t*, void*))
{
    struct sigaction action {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    ::sigaction(SIGSEGV, &action, nullptr);
}

/// A page that nobody can touch, and that is no guard.
volatile char* forbidden_page()
{
    void* const page = ::mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fault_address = page;
    return static_cast<volatile char*>(page);
}

}

TEST_CASE("a coroutine that overflows its stack is named before the process dies of it", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    void (*const function)(Yield&) = GENERATE(recurse, use_one_huge_frame);
    const bool signal_stack_there = GENERATE(true, false);
    const Child child = child_that_runs([&] {
        if (!signal_stack_there)
            do_without_signal_stack();
        report_stack_overflow();
        run_among_others(function);
    });
    CHECK(child.died_of(SIGSEGV));
    using Catch::Contains;
    CHECK_THAT(child.errors, Contains("stack overflow in coroutine #2 walker, spawned at "));
    CHECK_THAT(child.errors, Contains(spawn_site()));
    CHECK_THAT(child.errors, Contains("65536 bytes") && Contains("on_stack(131072, f)"));
    CHECK(std::count(child.errors.begin(), child.errors.end(), '\n') == 1);
}

TEST_CASE("an overflow is told of where the guard is made by mprotect, too", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    const Child child = child_that_runs([&] {
        if (!lose_guard_install())
            ::_exit(77);
        report_stack_overflow();
        run_among_others(on_stack(200'000, recurse));
    });
    if (WIFEXITED(child.status) && WEXITSTATUS(child.status) == 77) {
        skip("this system does not let us do without MADV_GUARD_INSTALL");
        return;
    }
    CHECK(child.died_of(SIGSEGV));
    CHECK_THAT(child.errors, Catch::Contains("the 262144 bytes of its stack"));
}

TEST_CASE("each thread that asks for it has its overflows told of", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    const Child child = child_that_runs([] {
        report_stack_overflow();
        std::thread(report_stack_overflow).join();  // and takes its signal stack away with it
        std::thread([] {
            report_stack_overflow();
            report_stack_overflow();
            run_among_others(recurse);
        }).join();
    });
    CHECK(child.died_of(SIGSEGV));
    CHECK_THAT(child.errors, Catch::Contains("stack overflow in coroutine #2 walker"));
}

TEST_CASE("a fault that is no overflow goes to the handler before, as it is", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    const bool in_coroutine = GENERATE(true, false);
    const Child child = child_that_runs([&] {
        handle_before(tell);
        report_stack_overflow();
        const auto fault = [page = forbidden_page()] { *page = 1; };
        if (in_coroutine)
            run_among_others([&](Yield&) { fault(); });
        fault();
    });
    REQUIRE(WIFEXITED(child.status));
    CHECK(WEXITSTATUS(child.status) == 41);
    CHECK(child.errors.empty());
}

TEST_CASE("a handler before us can mend a fault, again and again", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    const Child child = child_that_runs([] {
        handle_before([](int, siginfo_t* info, void*) {
            ::mprotect(info->si_addr, 4096, PROT_READ | PROT_WRITE);
        });
        report_stack_overflow();
        for (int i = 0; i < 3; ++i)
            *forbidden_page() = 1;
    });
    CHECK((WIFEXITED(child.status) && WEXITSTATUS(child.status) == 0));
    CHECK(child.errors.empty());
}

TEST_CASE("an overflow goes to the handler before, after it has been told of", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    const Child child = child_that_runs([] {
        handle_before([](int, siginfo_t*, void*) { ::_exit(43); });
        report_stack_overflow();
        run_among_others(recurse);
    });
    CHECK((WIFEXITED(child.status) && WEXITSTATUS(child.status) == 43));
    CHECK_THAT(child.errors, Catch::Contains("stack overflow in coroutine #2 walker"));
}

TEST_CASE("an overflow kills the process even if the handler before does nothing", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    const Child child = child_that_runs([] {
        handle_before([](int, siginfo_t*, void*) {});
        report_stack_overflow();
        run_among_others(recurse);
    });
    CHECK(child.died_of(SIGSEGV));
    CHECK(std::count(child.errors.begin(), child.errors.end(), '\n') == 1);
}

TEST_CASE("a signal that somebody sends does what it did before", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    const int signal = GENERATE(SIGSEGV, SIGBUS);
    const bool ignored = GENERATE(true, false);
    const Child child = child_that_runs([&] {
        if (ignored)
            std::signal(signal, SIG_IGN);
        report_stack_overflow();
        ::raise(signal);
    });
    CHECK(child.died_of(signal) == !ignored);
    CHECK(child.errors.empty());
}

TEST_CASE("a stray pointer to another's guard is no overflow", "[stacks]")
{
    if (faults_are_the_sanitizers())
        return;
    const Child child = child_that_runs([] {
        report_stack_overflow();
        World world("poll");
        world.scheduler.spawn([&](Yield& yield) {
            const auto other = yield(Spawn([](Yield& y) { y(Sleep(1h)); }));
            yield(Pass());
            auto* const page =
                reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(other.record().coroutine())
                                        & ~std::uintptr_t{4095});
            volatile char* const guard = page - 65536;
            *guard = 1;
        });
        world.scheduler.run();
    });
    CHECK(child.died_of(SIGSEGV));
    CHECK(child.errors.empty());
}
