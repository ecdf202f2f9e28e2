// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace bench {

/// Thrown where the user has asked us to stop, so that everything we started is ended on the way
/// out.
struct Interrupted : std::runtime_error {
    Interrupted() : std::runtime_error("interrupted") {}
};

/// From now on SIGINT, SIGTERM and SIGHUP only leave a note, in this process and not in its
/// children.
void heed_interrupts();

/// Throws Interrupted if such a note was left. To be called in every loop that may take long.
void stop_if_interrupted();

/// For a child: signals kill it again.
void forget_interrupts();

}
