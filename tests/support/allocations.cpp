#include "tests/support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>

namespace {

std::atomic<std::size_t> count{0};
thread_local int until_refusal = -1;  // negative: for ever
thread_local bool refused = false;

void* allocate(std::size_t size)
{
    count.fetch_add(1, std::memory_order_relaxed);
    if (until_refusal >= 0 && until_refusal-- == 0) {
        refused = true;
        throw std::bad_alloc();
    }
    if (void* memory = std::malloc(size > 0 ? size : 1))
        return memory;
    throw std::bad_alloc();
}

}

std::size_t allocations() { return count; }

void refuse_allocation(int after)
{
    until_refusal = after;
    refused = refused && after < 0;
}

PlentyOfMemory::PlentyOfMemory() : until_refusal_(std::exchange(until_refusal, -1)) {}

PlentyOfMemory::~PlentyOfMemory() { until_refusal = until_refusal_; }

bool allocation_was_refused() { return refused; }

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    count.fetch_add(1, std::memory_order_relaxed);
    return std::malloc(size > 0 ? size : 1);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
