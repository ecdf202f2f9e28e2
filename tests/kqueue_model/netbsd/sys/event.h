// What <sys/event.h> of NetBSD up to 9 declares, as far as it is used here: see the one of FreeBSD
// beside it. Its filters are unsigned, what it carries for us is an integer, and there is no
// EVFILT_USER.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>

inline namespace kqueue_of_netbsd {

struct kevent {
    std::uintptr_t ident;
    std::uint32_t filter;
    std::uint32_t flags;
    std::uint32_t fflags;
    std::int64_t data;
    std::intptr_t udata;
};

int kqueue();
int kevent(int kqueue, const struct kevent* changes, std::size_t change_count,
           struct kevent* events, std::size_t event_count, const timespec* timeout);

inline constexpr std::uint32_t EVFILT_READ = 0;
inline constexpr std::uint32_t EVFILT_WRITE = 1;
inline constexpr std::uint32_t EVFILT_VNODE = 3;
inline constexpr std::uint32_t EVFILT_PROC = 4;
inline constexpr std::uint32_t EVFILT_SIGNAL = 5;

}

#include "tests/kqueue_model/constants.h"
