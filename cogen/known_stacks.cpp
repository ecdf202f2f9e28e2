// SPDX-License-Identifier: MIT
#include "cogen/known_stacks.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace cogen {
namespace {

/// A slab's place in the list. Who reads one in the making sees no beginning; who reads one that is
/// exchanged meanwhile sees another beginning when it looks again.
class Place {
public:
    Place* next = nullptr;  // fixed before others see us

    bool free() const { return begin_.load(std::memory_order_relaxed) == 0; }

    bool holds(const std::byte* begin) const
    {
        return begin_.load(std::memory_order_relaxed) == reinterpret_cast<std::uintptr_t>(begin);
    }

    void fill(const Slab& slab)
    {
        size_.store(slab.size, std::memory_order_relaxed);
        guard_size_.store(slab.guard_size, std::memory_order_relaxed);
        stack_size_.store(slab.stack_size, std::memory_order_relaxed);
        tenant_.store(slab.tenant, std::memory_order_relaxed);
        begin_.store(reinterpret_cast<std::uintptr_t>(slab.begin), std::memory_order_release);
    }

    void clear()
    {
        begin_.store(0, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_release);  // before another's size
    }

    /// What is in it; a slab without a beginning if nothing is.
    Slab read() const noexcept
    {
        const std::uintptr_t begin = begin_.load(std::memory_order_acquire);
        const Slab slab{reinterpret_cast<std::byte*>(begin), size_.load(std::memory_order_relaxed),
                        guard_size_.load(std::memory_order_relaxed),
                        stack_size_.load(std::memory_order_relaxed),
                        tenant_.load(std::memory_order_relaxed)};
        std::atomic_thread_fence(std::memory_order_acquire);
        return begin_.load(std::memory_order_relaxed) == begin ? slab : Slab{};
    }

private:
    std::atomic<std::uintptr_t> begin_{0};
    std::atomic<std::size_t> size_{0};
    std::atomic<std::size_t> guard_size_{0};
    std::atomic<std::size_t> stack_size_{0};
    std::atomic<Tenant> tenant_{nullptr};
};

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free);
static_assert(std::atomic<Tenant>::is_always_lock_free);

// Never freed: a handler may be on its way through them until the process is gone.
constinit std::atomic<Place*> first{nullptr};
constinit std::mutex writing;

}

Guarded guarded_by(const void* address) noexcept
{
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    for (const Place* place = first.load(std::memory_order_acquire); place; place = place->next) {
        const Slab slab = place->read();
        const std::uintptr_t offset = at - reinterpret_cast<std::uintptr_t>(slab.begin);
        if (!slab.begin || offset >= slab.size)
            continue;
        const std::size_t one = slab.guard_size + slab.stack_size;
        if (!slab.tenant || offset % one >= slab.guard_size)
            return {};
        const Stack stack{slab.begin + (offset / one + 1) * one, slab.stack_size};
        return {slab.tenant(stack), stack.size};
    }
    return {};
}

void make_known(const Slab& slab)
{
    const std::lock_guard lock(writing);
    for (Place* place = first.load(std::memory_order_relaxed); place; place = place->next)
        if (place->free())
            return place->fill(slab);
    auto place = std::make_unique<Place>();
    place->fill(slab);
    place->next = first.load(std::memory_order_relaxed);
    first.store(place.release(), std::memory_order_release);
}

void forget(const std::byte* begin)
{
    const std::lock_guard lock(writing);
    for (Place* place = first.load(std::memory_order_relaxed); place; place = place->next)
        if (place->holds(begin))
            return place->clear();
}

}
