#pragma once

#ifdef __linux__

#include <initializer_list>

/// The system calls of these numbers fail with this errno from now on, in this thread and those
/// that it starts, for good: so in a child process. False where that cannot be had.
bool forbid(std::initializer_list<unsigned> numbers, unsigned error);

#endif
