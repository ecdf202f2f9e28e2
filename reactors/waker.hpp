// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/descriptor.hpp"

namespace cogen {

/// A descriptor that becomes readable when somebody calls wake(), for a reactor that waits on
/// descriptors. Throws a system_error where the system has none to give.
class Waker {
public:
    Waker();
    ~Waker();
    Waker(const Waker&) = delete;
    Waker& operator=(const Waker&) = delete;

    /// From any thread and from signal handlers.
    void wake() noexcept;

    /// Makes it unreadable again.
    void drain() noexcept;

    Descriptor descriptor() const { return read_end_; }

private:
    Descriptor read_end_;
    Descriptor write_end_;  // the same one where the system has eventfd
};

}
