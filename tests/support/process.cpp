#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace {

constexpr std::chrono::seconds patience{20};

}

Process::Process(std::vector<std::string> arguments, std::vector<std::string> variables)
{
    int ends[2];
    int inputs[2];  // a socket, which can be written to without a signal when the reader is gone
    if (::pipe(ends) < 0 || ::socketpair(AF_UNIX, SOCK_STREAM, 0, inputs) < 0)
        FAIL("pipe or socketpair: " << std::strerror(errno));
    ::fcntl(inputs[1], F_SETFD, FD_CLOEXEC);  // or programs that are started later keep it open
    std::vector<char*> argv;
    for (std::string& argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);

    process_ = ::fork();
    if (process_ == 0) {
#ifdef __linux__
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // where the tests are killed, it does not stay behind
#endif
        ::dup2(inputs[0], 0);
        ::dup2(ends[1], 1);
        for (const int end : {inputs[0], inputs[1], ends[0], ends[1]})
            ::close(end);
        for (std::string& variable : variables)
            ::putenv(variable.data());
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(inputs[0]);
    ::close(ends[1]);
    input_ = inputs[1];
    output_ = ends[0];
}

Process::~Process()
{
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        exit_code();
    }
    end_input();
    ::close(output_);
}

void Process::type(std::string_view text)
{
    const timeval limit{patience.count(), 0};
    ::setsockopt(input_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    while (!text.empty()) {
        const ssize_t count = ::send(input_, text.data(), text.size(), MSG_NOSIGNAL);
        if (count < 0)
            FAIL("the program does not read: " << std::strerror(errno));
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void Process::end_input()
{
    if (input_ >= 0)
        ::close(std::exchange(input_, -1));
}

void Process::signal(int number) { ::kill(process_, number); }

std::string Process::line()
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (text_.find('\n') == std::string::npos)
        if (!fill(deadline))
            FAIL("the program printed no line, but: " << text_);
    const std::size_t end = text_.find('\n');
    std::string first = text_.substr(0, end);
    text_.erase(0, end + 1);
    return first;
}

std::string Process::rest()
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (fill(deadline)) {}
    return std::exchange(text_, {});
}

/// False at the end of the output.
bool Process::fill(std::chrono::steady_clock::time_point deadline)
{
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd ready{output_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0)
        FAIL("the program neither printed nor ended in time; it had printed: " << text_);
    char buffer[4096];
    const ssize_t count = ::read(output_, buffer, sizeof buffer);
    if (count > 0)
        text_.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
}

int Process::exit_code()
{
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {}
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
