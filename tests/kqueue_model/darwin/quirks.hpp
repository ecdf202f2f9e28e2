#pragma once

#include "tests/kqueue_model/event.hpp"

inline namespace kqueue_of_darwin {

using kevent_count = int;

inline constexpr kqueue_model::Quirks quirks{.errors_keep_flags = true,
                                             .enabling_looks_again = true,
                                             .sees_zombies = false,
                                             .tells_growth = false,
                                             .deletion_is_a_link = true};

}

namespace kqueue_of_this_system = kqueue_of_darwin;
