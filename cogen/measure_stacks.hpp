// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/stack_use.hpp"
#include "cogen/stackful.hpp"

#include <optional>

namespace cogen {

/// From now on, all coroutines of this scheduler that begin are measured: how much of their stacks
/// they use. Each beginning writes to the whole stack for it, so it is for who looks for the right
/// size; as long as nobody asks for it, it costs nothing.
inline void measure_stacks(Scheduler& scheduler)
{
    scheduler.service<StackfulFrontEnd>().measure_stacks();
}

/// What has been measured, of those that have ended and of those that still run, each up to now:
/// `std::cout << stack_uses(scheduler);`
inline StackUses stack_uses(Scheduler& scheduler)
{
    return scheduler.service<StackfulFrontEnd>().stack_uses();
}

/// The bytes of its stack that a coroutine has used at most, as on_stack() counts them: with what
/// lies there before its function begins, about a KiB. None if it has ended, or has not been
/// measured from its beginning.
template <class T>
std::optional<std::size_t> stack_high_water(const Handle<T>& handle)
{
    const Coroutine* const coroutine = handle.record().coroutine();
    return coroutine ? static_cast<const StackfulCoroutine&>(*coroutine).stack_used()
                     : std::nullopt;
}

}
