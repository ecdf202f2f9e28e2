// SPDX-License-Identifier: MIT
#include "reactors/kernel.hpp"
#include "reactors/system_call.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace cogen {
namespace {

#ifdef __linux__

int new_socket(int family, int type)
{
    return answer_of([&] { return ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); });
}

int new_pair(int family, int type, int (&numbers)[2])
{
    return answer_of(
        [&] { return ::socketpair(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, numbers); });
}

int accept_one(int listener)
{
    return answer_of(
        [&] { return ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); });
}

#else  // systems that set these properties after the fact

int tame(int number)
{
    if (number < 0)
        return number;
    ::fcntl(number, F_SETFD, FD_CLOEXEC);
    ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) | O_NONBLOCK);
    return number;
}

int new_socket(int family, int type)
{
    return tame(answer_of([&] { return ::socket(family, type, 0); }));
}

int new_pair(int family, int type, int (&numbers)[2])
{
    const int answer = answer_of([&] { return ::socketpair(family, type, 0, numbers); });
    if (answer == 0)
        for (int number : numbers)
            tame(number);
    return answer;
}

int accept_one(int listener)
{
    return tame(answer_of([&] { return ::accept(listener, nullptr, nullptr); }));
}

#endif

#ifdef MSG_NOSIGNAL

constexpr int send_flags = MSG_NOSIGNAL | MSG_DONTWAIT;
void raise_no_sigpipe(int) {}

#else  // it is the socket's property, and not all are of our making

constexpr int send_flags = MSG_DONTWAIT;

void raise_no_sigpipe(int number)
{
    const int on = 1;
    ::setsockopt(number, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
}

#endif

}

ssize_t SystemKernel::recv(Descriptor descriptor, MutableBuffer buffer)
{
    return answer_of(
        [&] { return ::recv(descriptor.number(), buffer.data(), buffer.size(), MSG_DONTWAIT); });
}

ssize_t SystemKernel::send(Descriptor descriptor, ConstBuffer buffer)
{
    raise_no_sigpipe(descriptor.number());
    return answer_of(
        [&] { return ::send(descriptor.number(), buffer.data(), buffer.size(), send_flags); });
}

ssize_t SystemKernel::recvmsg(Descriptor descriptor, msghdr& message)
{
    const int flags = message.msg_flags | MSG_DONTWAIT;
    return answer_of([&] { return ::recvmsg(descriptor.number(), &message, flags); });
}

ssize_t SystemKernel::sendmsg(Descriptor descriptor, const msghdr& message)
{
    raise_no_sigpipe(descriptor.number());
    const int flags = message.msg_flags | send_flags;
    return answer_of([&] { return ::sendmsg(descriptor.number(), &message, flags); });
}

int SystemKernel::accept(Descriptor descriptor) { return accept_one(descriptor.number()); }

/// Not made again when interrupted: the attempt goes on by itself, and a second call would be told
/// that it is under way.
int SystemKernel::connect(Descriptor descriptor, const sockaddr* address, socklen_t size)
{
    if (::connect(descriptor.number(), address, size) == 0)
        return 0;
    return errno == EINTR ? -EINPROGRESS : -errno;
}

int SystemKernel::socket(int family, int type) { return new_socket(family, type); }

int SystemKernel::socketpair(int family, int type, Descriptor (&pair)[2])
{
    int numbers[2];
    const int answer = new_pair(family, type, numbers);
    if (answer == 0) {
        pair[0] = Descriptor(numbers[0]);
        pair[1] = Descriptor(numbers[1]);
    }
    return answer;
}

int SystemKernel::bind(Descriptor descriptor, const sockaddr* address, socklen_t size)
{
    return answer_of([&] { return ::bind(descriptor.number(), address, size); });
}

int SystemKernel::listen(Descriptor descriptor, int backlog)
{
    return answer_of([&] { return ::listen(descriptor.number(), backlog); });
}

int SystemKernel::shutdown(Descriptor descriptor, int how)
{
    return answer_of([&] { return ::shutdown(descriptor.number(), how); });
}

/// Not made again when interrupted: the descriptor is gone all the same, and its number may be
/// another's by now.
int SystemKernel::close(Descriptor descriptor)
{
    return ::close(descriptor.number()) == 0 || errno == EINTR ? 0 : -errno;
}

int SystemKernel::setsockopt(Descriptor descriptor, int level, int name, const void* value,
                             socklen_t size)
{
    return answer_of([&] { return ::setsockopt(descriptor.number(), level, name, value, size); });
}

int SystemKernel::getsockopt(Descriptor descriptor, int level, int name, void* value,
                             socklen_t& size)
{
    return answer_of([&] { return ::getsockopt(descriptor.number(), level, name, value, &size); });
}

int SystemKernel::getsockname(Descriptor descriptor, sockaddr* address, socklen_t& size)
{
    return answer_of([&] { return ::getsockname(descriptor.number(), address, &size); });
}

int SystemKernel::getpeername(Descriptor descriptor, sockaddr* address, socklen_t& size)
{
    return answer_of([&] { return ::getpeername(descriptor.number(), address, &size); });
}

int SystemKernel::poll(std::span<pollfd> descriptors, Duration timeout)
{
#ifdef __linux__
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
    const timespec limit = {static_cast<time_t>(seconds.count()),
                            static_cast<long>((timeout - seconds).count())};
    const int answer = ::ppoll(descriptors.data(), descriptors.size(),
                               timeout < Duration::zero() ? nullptr : &limit, nullptr);
#else
    const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
    const int limit =
        timeout < Duration::zero() ? -1 : static_cast<int>(std::min<long long>(rounded, 1 << 30));
    const int answer = ::poll(descriptors.data(), static_cast<nfds_t>(descriptors.size()), limit);
#endif
    if (answer >= 0)
        return answer;
    return errno == EINTR ? 0 : -errno;
}

TimePoint SystemKernel::now() { return Clock::now(); }

Kernel& system_kernel()
{
    static SystemKernel kernel;
    return kernel;
}

}
