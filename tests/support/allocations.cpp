#include "tests/support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>

namespace {

std::atomic<std::size_t> count{0};
thread_local int until_refusal = -1;  // negative: for ever
thread_local bool refused = false;

/// What std::aligned_alloc takes: a multiple.
constexpr std::size_t aligned(std::size_t size, std::size_t alignment)
{
    return (size + alignment - 1) / alignment * alignment;
}

void* allocate(std::size_t size, std::size_t alignment = 0)
{
    count.fetch_add(1, std::memory_order_relaxed);
    if (until_refusal >= 0 && until_refusal-- == 0) {
        refused = true;
        throw std::bad_alloc();
    }
    const std::size_t room = size > 0 ? size : 1;
    if (void* memory = alignment == 0 ? std::malloc(room)
                                      : std::aligned_alloc(alignment, aligned(room, alignment)))
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
void* operator new(std::size_t size, std::align_val_t alignment)
{
    return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    count.fetch_add(1, std::memory_order_relaxed);
    return std::malloc(size > 0 ? size : 1);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
