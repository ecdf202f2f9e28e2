// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/open_descriptor.hpp"

#include <cstdint>

namespace cogen {

// When a process, or the system, has no descriptor left, accept(2) fails with EMFILE or ENFILE. The
// connection stays in the queue, and the listener stays ready: who tries again spins, and who gives
// up has lost his server to a moment of many clients. One descriptor kept back is the way out: it
// is given up, the connection is accepted in its place and closed at once, and then it is taken
// again. So the clients that are too many learn of it, and the others are served.

/// A descriptor kept back for the moment when no other is left.
class SpareDescriptor {
public:
    /// Takes one, if it has none. Answers 0, or as socket(2) does where none can be had.
    int take(Scheduler& scheduler);

    /// Gives it up. The count stays.
    void give_back() { descriptor_ = OpenDescriptor(); }

    /// Accepts the next connection, and closes it. Answers as accept(2) would: -EAGAIN where there
    /// was none, -ECONNABORTED when it is done, -EMFILE or -ENFILE where there was no spare
    /// descriptor either.
    int turn_away(Scheduler& scheduler, Descriptor listener);

    /// How many connections have been turned away.
    std::uint64_t turned_away() const { return turned_away_; }

private:
    OpenDescriptor descriptor_;
    std::uint64_t turned_away_ = 0;
};

}
