#pragma once

#include "cogen/clock.hpp"

#include <string>

namespace matrix {

/// What ends an operation.
enum class End {
    success,
    within,             ///< its own time, by `| within(...)`
    with_timeout,       ///< the time of the part of the coroutine that it is in
    socket_timeout,     ///< the time of its socket
    scheduler_timeout,  ///< the default time of its scheduler
    cancel,
    raise,
    close,           ///< of its descriptor
    scheduler_ends,  ///< its destructor
};

/// How the end goes together with the success, or with another end.
enum class Order {
    alone,          ///< nothing else happens
    in_time,        ///< it is complete long before its time is over
    success_first,  ///< it is complete; then, before its coroutine goes on, the end
    unnoticed,      ///< there is what it waits for; then, before anybody has seen that, the end
    end_first,      ///< the end; then, before its coroutine goes on, what would be the success
    same_instant,   ///< the time is over in the instant in which somebody is about to help
    twice,          ///< the end, and then at once another one
};

constexpr bool is_of_time(End end) { return end >= End::within && end <= End::scheduler_timeout; }

/// One yield of one operation, and all that happens around it.
struct Cell {
    End end = End::success;
    Order order = Order::alone;
    bool as_tuple = false;
    std::string reactor;
};

/// How long the operation has where its time is to run out.
inline constexpr cogen::Duration limit = std::chrono::seconds(2);

/// The same for one that may be complete at once: that must do without any time.
inline cogen::Duration time_for(const Cell& cell, bool complete_at_once)
{
    return complete_at_once && cell.order != Order::in_time ? cogen::Duration::zero() : limit;
}

}
