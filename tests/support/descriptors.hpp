#pragma once

#include "cogen/descriptor.hpp"

#include <vector>

/// The descriptors of this process that are open.
std::vector<int> open_numbers();

/// Whether an option of a socket is set, and whether its calls block.
bool is_set(cogen::Descriptor descriptor, int level, int name);
bool blocks(cogen::Descriptor descriptor);
