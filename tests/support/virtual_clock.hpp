#pragma once

#include "reactors/kernel_decorator.hpp"

/// A kernel whose clock stands still while anybody has something to do, and jumps to the next
/// deadline when all sleep: a test that sleeps for an hour takes no time.
class VirtualClock final : public cogen::KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    cogen::TimePoint now() override { return now_; }
    bool time_is_virtual() const override { return true; }
    void advance_to(cogen::TimePoint time) override { now_ = time; }

    /// What a coroutine does that keeps the processor to itself for so long.
    void pass(cogen::Duration duration) { now_ += duration; }

private:
    cogen::TimePoint now_{cogen::Duration(1'000'000'000)};
};
