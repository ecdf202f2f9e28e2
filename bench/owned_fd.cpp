// SPDX-License-Identifier: MIT
#include "bench/owned_fd.hpp"

#include "bench/interrupt.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <poll.h>
#include <unistd.h>

namespace bench {
namespace {

[[noreturn]] void fail(const char* call)
{
    throw std::system_error(errno, std::generic_category(), call);
}

void await_readable(int fd, std::chrono::milliseconds wait)
{
    pollfd readable = {fd, POLLIN, 0};
    int ready = 0;
    while ((ready = poll(&readable, 1, static_cast<int>(wait.count()))) < 0) {
        if (errno != EINTR)
            fail("poll");
        stop_if_interrupted();
    }
    if (ready == 0)
        throw std::runtime_error("no answer within " + std::to_string(wait.count() / 1000) + " s");
}

}

OwnedFd::~OwnedFd()
{
    if (fd_ >= 0)
        close(fd_);
}

Pipe::Pipe()
{
    int ends[2];
    if (pipe(ends) < 0)
        fail("pipe");
    reader = OwnedFd(ends[0]);
    writer = OwnedFd(ends[1]);
}

std::string read_line(int fd, std::chrono::milliseconds wait)
{
    std::string line;
    for (;;) {
        await_readable(fd, wait);
        char byte = 0;
        const auto got = read(fd, &byte, 1);
        if (got < 0)
            fail("read");
        if (got == 0)
            throw std::runtime_error("the other side has gone");
        if (byte == '\n')
            return line;
        line += byte;
    }
}

void write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        const auto written = write(fd, text.data(), text.size());
        if (written < 0)
            fail("write");
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}
