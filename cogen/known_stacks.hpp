// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/stacks.hpp"

#include <cstddef>

namespace cogen {

// Whoever handles a fault has an address and may take no lock, not even to find out what lies
// there. So the slabs that stacks are cut from stand in a list that only grows: what is no longer
// a slab is marked as such, and its place in the list serves the next one. Adding takes a lock, but
// a slab is for sixteen stacks and more; looking takes none.

/// A mapping of equal stacks, each above its guard.
struct Slab {
    std::byte* begin = nullptr;
    std::size_t size = 0;
    std::size_t guard_size = 0;  ///< below each stack
    std::size_t stack_size = 0;
    Tenant tenant = nullptr;
};

/// Makes a slab known, whose memory is there until forget().
void make_known(const Slab& slab);

/// The slab that begins there is about to be unmapped.
void forget(const std::byte* begin);

/// Who lives on the stack in whose guard an address lies.
struct Guarded {
    const Coroutine* coroutine = nullptr;  ///< null: nobody that we know
    std::size_t stack_size = 0;
};

/// Good in a signal handler.
Guarded guarded_by(const void* address) noexcept;

}
