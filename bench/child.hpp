// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

namespace bench {

/// A process of ours that runs one function and never outlives us.
///
/// It is killed and reaped with this object, and killed by the kernel (on Linux) should we die
/// without getting that far.
class Child {
public:
    /// Starts `body` in a process of its own, kept on `processor`. An exception that leaves `body`
    /// is reported on standard error.
    explicit Child(const std::function<void()>& body, std::optional<int> processor = {});
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Says how it ended, where it has: "was killed by signal 11". Does not wait.
    std::optional<std::string> ended();

private:
    pid_t pid_;
    std::optional<int> status_;
};

}
