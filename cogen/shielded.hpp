// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/scope.hpp"
#include "cogen/stackful.hpp"

namespace cogen {

/// Runs `body` undisturbed, and answers with what it returns: cancellation, exceptions raised from
/// outside, and deadlines around it wait until it is over, and are thrown by the next yield. For
/// clean-up that must itself wait: `shielded(yield, [&] { yield(socket.write("bye")); });`.
/// Deadlines within hold as ever, and a clean-up should have one.
template <class Body>
decltype(auto) shielded(Yield& yield, Body&& body)
{
    const Shield shield(yield.coroutine());
    return std::forward<Body>(body)();
}

}
