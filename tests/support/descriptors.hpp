#pragma once

#include "cogen/descriptor.hpp"

#include <vector>

/// The descriptors of this process that are open.
std::vector<int> open_numbers();

/// A pipe whose ends do not block and are closed on exec: answers as pipe(2) does.
int open_pipe(int (&ends)[2]);

/// Whether an option of a socket is set, and whether its calls block.
bool is_set(cogen::Descriptor descriptor, int level, int name);
bool blocks(cogen::Descriptor descriptor);
