#pragma once

#include <csignal>
#include <initializer_list>

#include <sys/wait.h>
#include <unistd.h>

/// How a child process that runs `body` ends: its wait status. It is killed after a while.
template <class Body>
int status_of_child(Body body)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(2);
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
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}
