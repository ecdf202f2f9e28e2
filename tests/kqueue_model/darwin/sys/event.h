// What <sys/event.h> of macOS declares, as far as it is used: see the one of FreeBSD beside it. The
// build for macOS compares the two.
#pragma once

#include <cstdint>
#include <ctime>

inline namespace kqueue_of_darwin {

#pragma pack(push, 4)
struct kevent {
    std::uintptr_t ident;
    std::int16_t filter;
    std::uint16_t flags;
    std::uint32_t fflags;
    std::intptr_t data;
    void* udata;
};
#pragma pack(pop)

int kqueue();
int kevent(int kqueue, const struct kevent* changes, int change_count, struct kevent* events,
           int event_count, const timespec* timeout);

inline constexpr std::int16_t EVFILT_READ = -1;
inline constexpr std::int16_t EVFILT_WRITE = -2;
inline constexpr std::int16_t EVFILT_VNODE = -4;
inline constexpr std::int16_t EVFILT_PROC = -5;
inline constexpr std::int16_t EVFILT_SIGNAL = -6;
inline constexpr std::int16_t EVFILT_USER = -10;
#define EVFILT_USER EVFILT_USER

}

#include "tests/kqueue_model/constants.h"
