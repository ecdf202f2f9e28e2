// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace cogen {

class Coroutine;

/// A piece of memory for a coroutine to run on. It grows down from `top`; below it is a page that
/// nobody can touch.
struct Stack {
    std::byte* top = nullptr;
    std::size_t size = 0;  ///< that can be used
};

/// Finds the coroutine that lives on a stack; null: none. Good in a signal handler.
using Tenant = const Coroutine* (*)(const Stack&) noexcept;

// Two things go wrong with stacks that are mapped one by one, each with a guard page of its own.
// A guard made by mprotect() splits the mapping, and a process may have no more than 65,530 of
// them: after some 32,700 stacks the guard is refused, and an allocator that does not look goes on
// without. And each stack costs three system calls, again and again.
//
// So stacks are cut from large mappings and kept for good. Guards are made by MADV_GUARD_INSTALL
// where the kernel has it (Linux 6.13), which needs no mapping each; else by mprotect(), and then
// the limit is an error that says so. A stack without a guard is never handed out.

/// Stacks of one size. They cost memory only where they have been touched.
class Stacks {
public:
    /// Of at least `size` usable bytes each; `tenant` finds who lives on one.
    explicit Stacks(std::size_t size, Tenant tenant = nullptr);
    ~Stacks();
    Stacks(const Stacks&) = delete;
    Stacks& operator=(const Stacks&) = delete;

    /// A stack that nobody has used yet: whoever takes one keeps it for others to use again, as
    /// long as we live. Throws a system_error where the system has no more to give.
    Stack take();

    /// Gives the memory of a stack that was taken, and its guard's, back to the system, for good.
    /// What is there from now on are zeros that nobody can write to: neither we nor the system.
    void discard(const Stack& stack) const;

    std::size_t stack_size() const { return stack_size_; }

    /// Calls `f` with each stack that has been taken.
    template <class F>
    void for_each(F f) const;

    /// Whether this kernel guards stacks without a mapping for each.
    static bool guards_are_unlimited();

private:
    void add_slab();
    void guard(std::byte* page) const;

    std::size_t stack_size_ = 0;  // without its guard
    std::size_t one_ = 0;         // with it
    Tenant tenant_ = nullptr;
    std::vector<std::pair<std::byte*, std::size_t>> slabs_;  // what has been mapped, and how much
    std::byte* next_ = nullptr;                              // the first stack never used
    std::byte* end_ = nullptr;                               // of the newest slab
};

template <class F>
void Stacks::for_each(F f) const
{
    for (const auto& [memory, size] : slabs_) {
        const std::byte* const end = memory + size == end_ ? next_ : memory + size;
        for (std::byte* bottom = memory; bottom != end; bottom += one_)
            f(Stack{bottom + one_, stack_size_});
    }
}

}
