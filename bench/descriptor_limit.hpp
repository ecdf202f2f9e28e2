// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>

namespace bench {

/// Thrown where the system does not allow a process as many descriptors as are needed.
struct TooFewDescriptors : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Sees to it that this process and its children may open so many descriptors, besides a few of
/// their own. Throws TooFewDescriptors where the system does not allow that.
void need_descriptors(std::size_t count);

}
