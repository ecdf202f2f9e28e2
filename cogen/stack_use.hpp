// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/site.hpp"
#include "cogen/stacks.hpp"

#include <cstddef>
#include <iosfwd>
#include <vector>

namespace cogen {

// To see how deep a stack has been used, it is painted before: what is not of that colour any more
// has been written. The kernel could tell the pages that have been touched, at no cost before; but
// in whole pages, and of a stack that is used again it tells what all its coroutines have touched
// together. Paint costs a write to the whole stack each time that a coroutine begins, which makes
// the page resident as well: it is for who looks for the right size, not for every day.
//
// What is found is the deepest word written. Below it there may be variables that nobody has
// written to: a buffer counts as far as it was filled. The paint does not reach quite up to the
// place where the function begins, so what is found is about a KiB at least.

/// Paints a stack from its bottom up to where the caller, who runs on it, is.
void paint_unused(const Stack& stack);

/// From the top down to the deepest byte that is not of the paint's colour.
std::size_t bytes_used(const Stack& stack);

/// How much of their stacks the coroutines that were spawned at one place have used.
struct StackUse {
    Site spawned_at;  ///< or called
    std::size_t stack_size = 0;
    std::size_t coroutines = 0;  ///< that have been measured
    std::size_t deepest = 0;     ///< bytes that one of them has used, of `stack_size`
};

/// One for each place and size of stack, in the order in which they were met.
class StackUses {
public:
    /// One coroutine more.
    void add(Site spawned_at, std::size_t stack_size, std::size_t used);

    auto begin() const { return uses_.begin(); }
    auto end() const { return uses_.end(); }
    std::size_t size() const { return uses_.size(); }

private:
    std::vector<StackUse> uses_;
};

/// "server.cpp:12: 120 coroutines, 9840 of 65536 bytes of stack at most", a line each, the deepest
/// first.
std::ostream& operator<<(std::ostream& out, const StackUses& uses);

}
