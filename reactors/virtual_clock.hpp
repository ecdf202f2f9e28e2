// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/kernel_decorator.hpp"

namespace cogen {

/// A kernel whose clock stands still while anybody has something to do, and jumps to the next
/// deadline when all sleep: a test that sleeps for an hour takes no time.
class VirtualClock final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    bool is_the_system() const override { return inner().is_the_system(); }
    TimePoint now() override { return now_; }
    bool time_is_virtual() const override { return true; }
    void advance_to(TimePoint time) override { now_ = time; }

    /// What a coroutine does that keeps the processor to itself for so long.
    void pass(Duration duration) { now_ += duration; }

private:
    TimePoint now_{Duration(1'000'000'000)};
};

}
