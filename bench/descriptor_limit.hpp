// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace bench {

/// Sees to it that this process and its children may open so many descriptors, besides a few of
/// their own. Throws where the system does not allow that.
void need_descriptors(std::size_t count);

}
