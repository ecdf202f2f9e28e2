#pragma once

#include <cstddef>

/// How often this program has asked operator new for memory.
std::size_t allocations();
