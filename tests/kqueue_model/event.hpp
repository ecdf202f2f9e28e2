#pragma once

#include "tests/kqueue_model/constants.h"

#include <cstdint>

namespace kqueue_model {

/// What a kqueue can watch. Each flavour has numbers of its own for them.
enum class Filter { unknown, read, write, vnode, process, signal, user };

/// A change or a report, in no flavour's layout.
struct Event {
    std::uintptr_t ident = 0;
    Filter filter = Filter::unknown;
    unsigned flags = 0;
    unsigned fflags = 0;
    std::int64_t data = 0;
    std::uint64_t udata = 0;  // the caller's own
    long unknown_filter = 0;  // the number of one that is not known
};

/// In what the kqueues of the systems differ, as far as that is played here.
struct Quirks {
    bool errors_keep_flags;     // a change that is reported back says what it wanted, too
    bool enabling_looks_again;  // EV_ENABLE after EV_DISPATCH finds what has come meanwhile
    bool sees_zombies;          // EVFILT_PROC on a process that has ended, and is not reaped yet
    bool tells_growth;          // NOTE_EXTEND
    bool deletion_is_a_link;    // NOTE_LINK along with NOTE_DELETE
};

}
