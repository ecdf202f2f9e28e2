#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <iterator>

// What the played kqueue declares for Darwin, against what macOS does. The real one has macros of
// the same names, so ours come first.

namespace played {

#include "tests/kqueue_model/darwin/sys/event.h"

}

namespace {

constexpr long long ours[] = {
    sizeof(struct played::kevent),
    alignof(struct played::kevent),
    offsetof(struct played::kevent, ident),
    offsetof(struct played::kevent, filter),
    offsetof(struct played::kevent, flags),
    offsetof(struct played::kevent, fflags),
    offsetof(struct played::kevent, data),
    offsetof(struct played::kevent, udata),
    played::EVFILT_READ,
    played::EVFILT_WRITE,
    played::EVFILT_VNODE,
    played::EVFILT_PROC,
    played::EVFILT_SIGNAL,
    played::EVFILT_USER,
    played::EV_ADD,
    played::EV_DELETE,
    played::EV_ENABLE,
    played::EV_DISABLE,
    played::EV_ONESHOT,
    played::EV_CLEAR,
    played::EV_RECEIPT,
    played::EV_DISPATCH,
    played::EV_ERROR,
    played::EV_EOF,
    played::NOTE_DELETE,
    played::NOTE_WRITE,
    played::NOTE_EXTEND,
    played::NOTE_ATTRIB,
    played::NOTE_LINK,
    played::NOTE_RENAME,
    played::NOTE_EXIT,
    played::NOTE_TRIGGER,
    played::NOTE_FFAND,
    played::NOTE_FFOR,
    played::NOTE_FFCOPY,
    played::NOTE_FFCTRLMASK,
    played::NOTE_FFLAGSMASK,
};

}

#undef EVFILT_USER
#include <sys/event.h>

namespace {

constexpr long long theirs[] = {
    sizeof(struct ::kevent),
    alignof(struct ::kevent),
    offsetof(struct ::kevent, ident),
    offsetof(struct ::kevent, filter),
    offsetof(struct ::kevent, flags),
    offsetof(struct ::kevent, fflags),
    offsetof(struct ::kevent, data),
    offsetof(struct ::kevent, udata),
    EVFILT_READ,
    EVFILT_WRITE,
    EVFILT_VNODE,
    EVFILT_PROC,
    EVFILT_SIGNAL,
    EVFILT_USER,
    EV_ADD,
    EV_DELETE,
    EV_ENABLE,
    EV_DISABLE,
    EV_ONESHOT,
    EV_CLEAR,
    EV_RECEIPT,
    EV_DISPATCH,
    EV_ERROR,
    EV_EOF,
    NOTE_DELETE,
    NOTE_WRITE,
    NOTE_EXTEND,
    NOTE_ATTRIB,
    NOTE_LINK,
    NOTE_RENAME,
    NOTE_EXIT,
    NOTE_TRIGGER,
    NOTE_FFAND,
    NOTE_FFOR,
    NOTE_FFCOPY,
    NOTE_FFCTRLMASK,
    NOTE_FFLAGSMASK,
};

static_assert(std::equal(std::begin(ours), std::end(ours), std::begin(theirs), std::end(theirs)));

}
