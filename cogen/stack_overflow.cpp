// SPDX-License-Identifier: MIT
#include "cogen/stack_overflow.hpp"

#include "cogen/coroutine.hpp"
#include "cogen/error.hpp"
#include "cogen/known_stacks.hpp"
#include "cogen/record.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

// The report is made in a signal handler, while the coroutine may be in the middle of anything,
// such as malloc(). So it is written into an array and from there to stderr, and looks only at what
// nobody else changes: the coroutine, which lies on the top of the stack that has overflowed, and
// its record.
//
// It does not name the last yield. That operation is gone when its coroutine goes on, and to keep a
// copy of its place would make every yield pay for it.

namespace cogen {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS};  // Linux sends the former, others the latter
constexpr std::size_t longest_name = 200;       // so that there is room for the rest

/// Text that is too long ends early.
class Line {
public:
    Line& operator<<(std::string_view text)
    {
        const std::size_t size = std::min(text.size(), text_.size() - size_);
        std::copy_n(text.begin(), size, text_.begin() + size_);
        size_ += size;
        return *this;
    }

    Line& operator<<(std::uint64_t number)
    {
        std::array<char, 20> digits;
        const auto [end, error] = std::to_chars(digits.begin(), digits.end(), number);
        return *this << std::string_view(digits.begin(), end);
    }

    void print() const noexcept
    {
        for (std::size_t done = 0; done < size_;) {
            const ssize_t count = ::write(STDERR_FILENO, text_.data() + done, size_ - done);
            if (count < 0 && errno != EINTR)
                return;
            done += count < 0 ? 0 : static_cast<std::size_t>(count);
        }
    }

private:
    std::array<char, 1024> text_;
    std::size_t size_ = 0;
};

struct sigaction previous_segv;
struct sigaction previous_bus;
std::atomic<const void*> reported{nullptr};

struct sigaction& previous(int signal) { return signal == SIGSEGV ? previous_segv : previous_bus; }

void report(const Coroutine& coroutine, std::uint64_t stack_size)
{
    const Record& record = coroutine.record();
    Line line;
    line << "cogen: stack overflow in coroutine #" << record.id();
    if (!record.name().empty())
        line << " " << record.name().substr(0, longest_name);
    line << ", spawned at " << record.site().file() << ":" << std::uint64_t{record.site().line()}
         << ": it has used up the " << stack_size << " bytes of its stack; on_stack("
         << 2 * stack_size << ", f) gives f more\n";
    line.print();
}

/// Lets the system do what it does by default: kill the process. A fault happens again as soon as
/// we return; a signal that somebody has sent must be sent again.
void die_of(int signal, const siginfo_t& info)
{
    struct sigaction by_default {};
    by_default.sa_handler = SIG_DFL;
    ::sigaction(signal, &by_default, nullptr);
    if (info.si_code <= 0)
        ::raise(signal);
}

/// As if we were not there.
void pass_on(int signal, siginfo_t& info, void* context)
{
    const struct sigaction before = previous(signal);
    const bool sent = info.si_code <= 0;
    const bool plain = !(before.sa_flags & SA_SIGINFO);
    if (plain && before.sa_handler == SIG_IGN && sent)
        return;
    if (plain && (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN))
        return die_of(signal, info);  // a fault cannot be ignored

    if (before.sa_flags & static_cast<int>(SA_RESETHAND)) {
        previous(signal).sa_flags = 0;
        previous(signal).sa_handler = SIG_DFL;
    }
    if (plain)
        before.sa_handler(signal);
    else
        before.sa_sigaction(signal, &info, context);
}

void handle(int signal, siginfo_t* info, void* context)
{
    const int error = errno;
    // What was sent by somebody has the sender where a fault has its address. A coroutine that does
    // not run has not overflowed: somebody else's pointer has gone astray.
    const Guarded guarded = info->si_code > 0 ? guarded_by(info->si_addr) : Guarded();
    if (guarded.coroutine && guarded.coroutine->state() == State::running) {
        if (reported.exchange(info->si_addr) == info->si_addr)
            return die_of(signal, *info);  // the handler before us has let it happen again
        report(*guarded.coroutine, guarded.stack_size);
    }
    errno = error;
    pass_on(signal, *info, context);
}

/// The signal stack of a thread, if it needed one.
class SignalStack {
public:
    SignalStack() = default;
    SignalStack(const SignalStack&) = delete;
    SignalStack& operator=(const SignalStack&) = delete;

    ~SignalStack()
    {
        if (!memory_)
            return;
        stack_t present{};
        if (::sigaltstack(nullptr, &present) == 0 && present.ss_sp == memory_) {
            present.ss_flags = SS_DISABLE;
            ::sigaltstack(&present, nullptr);
        }
        ::munmap(memory_, size);
    }

    void provide()
    {
        stack_t present{};
        ::sigaltstack(nullptr, &present);
        if (!(present.ss_flags & SS_DISABLE) && present.ss_size >= large_enough())
            return;
        if (!memory_)
            memory_ = map();
        stack_t ours{};
        ours.ss_sp = memory_;
        ours.ss_size = size;
        if (::sigaltstack(&ours, nullptr) < 0)
            throw_error(system_error_code(errno), "sigaltstack");
    }

private:
    static constexpr std::size_t size = 64 * 1024;  // the handler before us runs on it, too

    /// The kernel puts all registers there, of which newer processors have many KiB.
    static std::size_t large_enough()
    {
#ifdef _SC_MINSIGSTKSZ
        const long least = ::sysconf(_SC_MINSIGSTKSZ);
#else
        const long least = MINSIGSTKSZ;
#endif
        return static_cast<std::size_t>(std::max(least, 2048L)) + 8192;
    }

    static void* map()
    {
        void* const memory =
            ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw_error(system_error_code(errno), "mmap of a signal stack");
        return memory;
    }

    void* memory_ = nullptr;
};

/// With the mask and the manners of the handler before us, which runs within ours.
bool take_over()
{
    for (const int signal : signals) {
        struct sigaction ours {};
        ::sigaction(signal, nullptr, &previous(signal));  // known before we are called
        ours.sa_mask = previous(signal).sa_mask;
        ours.sa_flags = SA_SIGINFO | SA_ONSTACK
                        | (previous(signal).sa_flags & static_cast<int>(SA_NODEFER | SA_RESTART));
        ours.sa_sigaction = handle;
        if (::sigaction(signal, &ours, nullptr) < 0)
            throw_error(system_error_code(errno), "sigaction");
    }
    return true;
}

}

void report_stack_overflow()
{
    thread_local SignalStack signal_stack;
    signal_stack.provide();
    [[maybe_unused]] static const bool taken_over = take_over();
}

}
