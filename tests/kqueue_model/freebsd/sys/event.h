// What <sys/event.h> of FreeBSD 13 declares, as far as it is used. The constants are no macros;
// the one that is asked for by #ifdef has its own name for one.
#pragma once

#include <cstdint>
#include <ctime>

inline namespace kqueue_of_freebsd {

struct kevent {
    std::uintptr_t ident;
    short filter;
    unsigned short flags;
    unsigned int fflags;
    std::int64_t data;
    void* udata;
    std::uint64_t ext[4];
};

int kqueue();
int kevent(int kqueue, const struct kevent* changes, int change_count, struct kevent* events,
           int event_count, const timespec* timeout);

inline constexpr short EVFILT_READ = -1;
inline constexpr short EVFILT_WRITE = -2;
inline constexpr short EVFILT_VNODE = -4;
inline constexpr short EVFILT_PROC = -5;
inline constexpr short EVFILT_SIGNAL = -6;
inline constexpr short EVFILT_USER = -11;
#define EVFILT_USER EVFILT_USER

}

#include "tests/kqueue_model/constants.h"
