#include "tests/kqueue_model/source.hpp"

#include "tests/kqueue_model/lock.hpp"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kqueue_model {
namespace {

/// EVFILT_PROC with NOTE_EXIT, by a pidfd.
class ProcessSource final : public Source {
public:
    explicit ProcessSource(int pidfd) : pidfd_(pidfd) {}
    ~ProcessSource() override { close_quietly(pidfd_); }

    int descriptor() const override { return pidfd_; }

    bool has_ended() const
    {
        pollfd one{pidfd_, POLLIN, 0};
        return ::poll(&one, 1, 0) == 1;
    }

    bool holds(Event& report) override
    {
        if (!has_ended())
            return false;
        report.flags |= EV_EOF;
        report.fflags = NOTE_EXIT;
        report.data = status();
        return true;
    }

    bool notice(const Event&) override { return has_ended(); }

private:
    /// As wait(2) has it. The process is still to be reaped.
    int status() const
    {
        siginfo_t info{};
        if (::waitid(P_PIDFD, static_cast<id_t>(pidfd_), &info, WEXITED | WNOHANG | WNOWAIT) < 0)
            return 0;  // not our child
        return info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
    }

    int pidfd_;
};

/// EVFILT_SIGNAL, by signalfd(2). The signal has to be blocked for that, and two of a kind that
/// arrive together are one: here it differs from each BSD.
class SignalSource final : public Source {
public:
    explicit SignalSource(int signal)
        : signal_(signal), was_blocked_(sigismember(&Lock::blocked_afterwards(), signal) == 1)
    {
        sigaddset(&Lock::blocked_afterwards(), signal);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, signal);
        signalfd_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    }
    ~SignalSource() override
    {
        if (!was_blocked_)
            sigdelset(&Lock::blocked_afterwards(), signal_);
        close_quietly(signalfd_);
    }

    int descriptor() const override { return signalfd_; }
    void clear() override { count_ = 0; }

    bool holds(Event& report) override
    {
        report.data = count_;
        return count_ > 0;
    }

    bool notice(const Event&) override
    {
        const int before = count_;
        for (signalfd_siginfo info; ::read(signalfd_, &info, sizeof info) > 0;)
            ++count_;
        return count_ != before;
    }

private:
    int signal_;
    bool was_blocked_;
    int signalfd_ = -1;
    int count_ = 0;
};

}

std::unique_ptr<Source> make_process_source(const Event& change, const Place& place, int& error)
{
    const auto pidfd =
        static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(change.ident), 0));
    if (pidfd < 0) {
        error = ESRCH;
        return nullptr;
    }
    auto source = std::make_unique<ProcessSource>(pidfd);
    error = source->has_ended() && !place.quirks.sees_zombies ? ESRCH : 0;
    return error == 0 ? std::move(source) : nullptr;
}

std::unique_ptr<Source> make_signal_source(const Event& change, const Place&, int& error)
{
    const auto signal = static_cast<int>(change.ident);
    error = signal > 0 && signal < NSIG ? 0 : EINVAL;
    return error == 0 ? std::make_unique<SignalSource>(signal) : nullptr;
}

}
