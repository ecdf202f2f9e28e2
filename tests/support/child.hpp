#pragma once

#include "reactors/system_call.hpp"

#include <csignal>
#include <initializer_list>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

/// What is left of a child process.
struct Child {
    int status = 0;      ///< as of waitpid()
    std::string errors;  ///< what it wrote to stderr

    bool died_of(int signal) const { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }
};

/// Runs `body` in a child process. It is killed after a while.
template <class Body>
Child child_that_runs(Body body)
{
    int ends[2];
    if (::pipe(ends) < 0)
        return {};
    const pid_t process = ::fork();
    if (process == 0) {
        ::dup2(ends[1], 2);
        ::close(ends[0]);
        ::close(ends[1]);
        for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGALRM})
            std::signal(signal, SIG_DFL);
        ::alarm(20);
        try {
            body();
        } catch (...) {
            ::_exit(100);  // it must not go on with the other tests
        }
        ::_exit(0);
    }
    ::close(ends[1]);
    Child child;
    char buffer[4096];
    const auto read = [&] { return ::read(ends[0], buffer, sizeof buffer); };
    for (ssize_t count; (count = cogen::answer_of(read)) > 0;)
        child.errors.append(buffer, static_cast<std::size_t>(count));
    ::close(ends[0]);
    cogen::answer_of([&] { return ::waitpid(process, &child.status, 0); });
    return child;
}

/// How it ends: its wait status.
template <class Body>
int status_of_child(Body body)
{
    return child_that_runs(body).status;
}
