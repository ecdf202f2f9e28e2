// SPDX-License-Identifier: MIT
#include "cogen/timers.hpp"

#include <algorithm>

namespace cogen {
namespace {

constexpr std::size_t children = 4;  // of one cache line: fewer levels than two, as cheap to search

constexpr std::size_t parent_of(std::size_t index) { return (index - 1) / children; }
constexpr std::size_t first_child_of(std::size_t index) { return index * children + 1; }

}

void Timers::arm(Timer& timer, Duration delay)
{
    timer.delay_ = delay;
    timer.order_ = ++armed_;
    fresh_.push_back(timer);
}

void Timers::arm_at(Timer& timer, TimePoint deadline)
{
    timer.order_ = ++armed_;
    heap_.emplace_back();
    rise(heap_.size() - 1, {deadline, &timer});
}

void Timers::disarm(Timer& timer)
{
    if (timer.linked())
        timer.unlink();
    else if (timer.index_ != Timer::none)
        remove(timer);
}

void Timers::settle(TimePoint now)
{
    while (!fresh_.empty()) {
        heap_.emplace_back();  // first, since it may fail
        Timer& timer = fresh_.pop_front();
        rise(heap_.size() - 1, {after(now, timer.delay_), &timer});
    }
}

void Timers::expire(TimePoint now)
{
    while (!heap_.empty() && heap_.front().deadline <= now) {
        Timer& timer = *heap_.front().timer;
        remove(timer);
        timer.expired();
    }
}

/// Fills the hole that `timer` leaves with the last node, which may belong above or below it.
void Timers::remove(Timer& timer)
{
    const std::size_t hole = timer.index_;
    const Node last = heap_.back();
    heap_.pop_back();
    timer.index_ = Timer::none;
    if (last.timer == &timer)
        return;
    if (hole > 0 && before(last, heap_[parent_of(hole)]))
        rise(hole, last);
    else
        sink(hole, last);
}

void Timers::rise(std::size_t index, Node node)
{
    while (index > 0 && before(node, heap_[parent_of(index)])) {
        place(index, heap_[parent_of(index)]);
        index = parent_of(index);
    }
    place(index, node);
}

void Timers::sink(std::size_t index, Node node)
{
    for (;;) {
        const std::size_t first = first_child_of(index);
        if (first >= heap_.size())
            break;
        const std::size_t end = std::min(first + children, heap_.size());
        std::size_t least = first;
        for (std::size_t child = first + 1; child < end; ++child)
            if (before(heap_[child], heap_[least]))
                least = child;
        if (!before(heap_[least], node))
            break;
        place(index, heap_[least]);
        index = least;
    }
    place(index, node);
}

}
