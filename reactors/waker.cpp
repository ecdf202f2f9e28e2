// SPDX-License-Identifier: MIT
#include "reactors/waker.hpp"

#include "cogen/error.hpp"

#include <cerrno>
#include <cstdint>

#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif

namespace cogen {

#ifdef __linux__

Waker::Waker()
{
    const int number = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (number < 0)
        throw_error(system_error_code(errno), "eventfd");
    read_end_ = write_end_ = Descriptor(number);
}

#else

Waker::Waker()
{
    int ends[2];
    if (::pipe(ends) < 0)
        throw_error(system_error_code(errno), "pipe");
    for (int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    read_end_ = Descriptor(ends[0]);
    write_end_ = Descriptor(ends[1]);
}

#endif

Waker::~Waker()
{
    ::close(read_end_.number());
    if (write_end_ != read_end_)
        ::close(write_end_.number());
}

void Waker::wake() noexcept
{
    const int before = errno;  // a signal handler must leave it as it was
    const std::uint64_t one = 1;
    while (::write(write_end_.number(), &one, sizeof one) < 0 && errno == EINTR) {}
    errno = before;  // EAGAIN: it is full, so it is readable, and that is all we want
}

void Waker::drain() noexcept
{
    char bytes[64];
    while (::read(read_end_.number(), bytes, sizeof bytes) == static_cast<ssize_t>(sizeof bytes)) {}
}

}
