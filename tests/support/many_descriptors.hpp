#pragma once

#include "cogen/cogen.hpp"

#include <sys/resource.h>

/// Lets this process have descriptors of numbers beyond `number`, while it lives.
class ManyDescriptors {
public:
    explicit ManyDescriptors(int number);
    ~ManyDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    ManyDescriptors(const ManyDescriptors&) = delete;
    ManyDescriptors& operator=(const ManyDescriptors&) = delete;

    /// Whether it may.
    explicit operator bool() const { return granted_; }

    /// The same socket under `number`, or a larger one.
    cogen::Socket moved_up(cogen::Scheduler& scheduler, cogen::Socket socket) const;

private:
    int number_;
    rlimit before_{};
    bool granted_ = false;
};
