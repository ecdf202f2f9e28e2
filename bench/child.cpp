// SPDX-License-Identifier: MIT
#include "bench/child.hpp"

#include "bench/interrupt.hpp"
#include "bench/processors.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace bench {
namespace {

void die_with(pid_t parent)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent)  // it died before we could say so
        _exit(1);
}

[[noreturn]] void live(const std::function<void()>& body)
{
    try {
        body();
        std::fflush(stdout);
        _exit(0);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "cogen-bench: %s\n", problem.what());
    }
    _exit(1);
}

}

Child::Child(const std::function<void()>& body, std::optional<int> processor)
{
    std::fflush(nullptr);  // or both of us would write out what is buffered now
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (pid_ == 0) {
        die_with(parent);
        forget_interrupts();
        stay_on(processor);
        live(body);
    }
}

Child::~Child()
{
    if (status_)
        return;
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

std::optional<std::string> Child::ended()
{
    int status = 0;
    if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_)
        status_ = status;
    if (!status_)
        return {};
    if (WIFSIGNALED(*status_))
        return "was killed by signal " + std::to_string(WTERMSIG(*status_));
    return "ended with status " + std::to_string(WEXITSTATUS(*status_));
}

}
