// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/deadline.hpp"
#include "cogen/stackful.hpp"

#include <algorithm>

namespace cogen {

/// Runs `body`, which has so much time for all that it yields, and answers with what it returns:
/// `with_timeout(yield, 30s, [&] { ... });`. When the time is over, what it waits for is asked to
/// end, and its yields throw until it has left; then this throws TimeoutError. What has been
/// completed by then stands: a body that succeeds nevertheless has its result delivered.
///
/// They nest. Of several that are over, the outermost throws, past the handlers within: what is
/// thrown on the way is no std::exception, and a handler that means to clean up rethrows it.
template <class Time, class Body>
decltype(auto) with_timeout(Yield& yield, Time time, Body&& body, Site site = Site::here())
{
    Deadline deadline(yield.coroutine(), time);
    try {
        return std::forward<Body>(body)();
    } catch (const LeaveScope& leave) {
        if (&leave.scope() != &deadline)
            throw;
    }
    throw_error(errc::timed_out, "with_timeout at " + to_string(site));
}

/// What is left of the nearest deadline that this coroutine has set; none: it has set none. Not
/// beyond a shield, which holds them back.
inline Patience time_left(Yield& yield)
{
    Patience least;
    for (const Scope* scope = yield.coroutine().scope(); scope && !scope->shields();
         scope = scope->outer()) {
        if (scope->kind() != Scope::Kind::deadline)
            continue;
        const Duration left = static_cast<const Deadline*>(scope)->left();
        least = least ? std::min(*least, left) : left;
    }
    return least;
}

}
