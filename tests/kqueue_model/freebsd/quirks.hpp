#pragma once

#include "tests/kqueue_model/event.hpp"

inline namespace kqueue_of_freebsd {

using kevent_count = int;

inline constexpr kqueue_model::Quirks quirks{.errors_keep_flags = false,
                                             .enabling_looks_again = true,
                                             .sees_zombies = true,
                                             .tells_growth = true,
                                             .deletion_is_a_link = false};

}

namespace kqueue_of_this_system = kqueue_of_freebsd;
