#pragma once

#include "tests/kqueue_model/event.hpp"

#include <cstddef>

inline namespace kqueue_of_netbsd {

using kevent_count = std::size_t;

inline constexpr kqueue_model::Quirks quirks{.errors_keep_flags = false,
                                             .enabling_looks_again = false,
                                             .sees_zombies = false,
                                             .tells_growth = true,
                                             .deletion_is_a_link = false};

}

namespace kqueue_of_this_system = kqueue_of_netbsd;
