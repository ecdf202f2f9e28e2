#pragma once

#include "tests/kqueue_model/event.hpp"

#include <ctime>
#include <span>

namespace kqueue_model {

/// kqueue(2). Answers with its number, or with -errno.
int open(const Quirks& quirks);

/// kevent(2), in no flavour's layout; null: no time-out. Answers with how many events are in
/// `room`, or with -errno. Errors and receipts come first, and alone.
int exchange(int number, std::span<const Event> changes, std::span<Event> room,
             const timespec* timeout);

}
