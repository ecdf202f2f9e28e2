#pragma once

#include "tests/differential/stage.hpp"

namespace differential {

/// A mistake that a reactor might make, now and then.
struct PlantedBug {
    enum class Kind : unsigned char {
        lost_wakeup,   ///< an operation that is done, of which nobody hears
        wrong_count,   ///< a byte less than there were
        lost_closing,  ///< of a descriptor, of which those who wait for it do not hear
    };
    Kind kind{};
    int every = 1000;  ///< of so many chances it takes one

    int chances = 0;  ///< so far

    /// Whether it strikes now.
    bool strikes() { return ++chances % every == 0; }
};

/// Puts a reactor that has the bug in the place of a good one. The bug must outlive it.
Decorator with_bug(PlantedBug& bug);

}
