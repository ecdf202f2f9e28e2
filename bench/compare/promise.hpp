// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"
#include "bench/targets.hpp"

#include <string>
#include <vector>

namespace bench {

/// What cogen has promised itself of one reactor at one size, and what was measured.
struct Promise {
    std::string reactor;
    CostTarget promised;
    Spread measured;  ///< as a multiple of the base's in the same round, where there is a base

    /// "met", "not met (close)": see targets.hpp.
    std::string verdict() const;
};

/// All that can be told at one size. Where the base of one was not measured, it cannot.
std::vector<Promise> promises_at(const Comparison& comparison, unsigned size);

/// What was promised, as "io_uring's CPU as a multiple of ring's", or "epoll's system calls a
/// request".
std::string in_words(const Promise& promise, const Noun& unit);

}
