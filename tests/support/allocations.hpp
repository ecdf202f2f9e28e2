#pragma once

#include <cstddef>

/// How often this program has asked operator new for memory.
std::size_t allocations();

/// On this thread the one after so many more is refused, by a bad_alloc; a negative number: none.
void refuse_allocation(int after);

/// Whether one has been refused, since that was asked for.
bool allocation_was_refused();

/// While it lives none is refused, nor counted for that: who plays a part of the system takes its
/// memory from elsewhere.
class PlentyOfMemory {
public:
    PlentyOfMemory();
    ~PlentyOfMemory();
    PlentyOfMemory(const PlentyOfMemory&) = delete;
    PlentyOfMemory& operator=(const PlentyOfMemory&) = delete;

private:
    int until_refusal_;
};
