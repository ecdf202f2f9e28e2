// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace cogen {

/// What a system call knows an open file or socket by. A value: it owns nothing.
///
/// It is not an `int`, because a ring can hold files that have no number in the process.
class Descriptor {
public:
    constexpr Descriptor() = default;  ///< none
    constexpr explicit Descriptor(int number) : number_(number) {}

    constexpr bool valid() const { return number_ >= 0; }
    constexpr int number() const { return number_; }

    friend constexpr bool operator==(Descriptor, Descriptor) = default;

private:
    int number_ = -1;
};

inline std::string to_string(Descriptor descriptor)
{
    return descriptor.valid() ? "fd " + std::to_string(descriptor.number()) : "no descriptor";
}

}
