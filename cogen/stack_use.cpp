// SPDX-License-Identifier: MIT
#include "cogen/stack_use.hpp"

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string_view>

namespace cogen {
namespace {

// No number, text or address looks like it: no user's address has the highest bit.
constexpr std::uint64_t colour = 0xd1e5'70fa'11c0'105e;

// Between the painter's frame and the paint, for what the painter keeps below the address that it
// knows of itself.
constexpr std::size_t margin = 256;

std::uint64_t* bottom_of(const Stack& stack)
{
    return reinterpret_cast<std::uint64_t*>(stack.top - stack.size);
}

}

// The sanitizer may think that variables still lie here which are gone.
[[gnu::noinline, gnu::no_sanitize_address]] void paint_unused(const Stack& stack)
{
    const auto* const here = static_cast<std::byte*>(__builtin_frame_address(0)) - margin;
    volatile std::uint64_t* const bottom = bottom_of(stack);
    for (auto* word = bottom; reinterpret_cast<volatile std::byte*>(word) < here; ++word)
        *word = colour;
}

[[gnu::no_sanitize_address]] std::size_t bytes_used(const Stack& stack)
{
    const volatile std::uint64_t* const bottom = bottom_of(stack);
    const volatile std::uint64_t* word = bottom;
    while (*word == colour)
        ++word;
    return stack.size - static_cast<std::size_t>(word - bottom) * sizeof *word;
}

void StackUses::add(Site spawned_at, std::size_t stack_size, std::size_t used)
{
    auto use = std::find_if(uses_.begin(), uses_.end(), [&](const StackUse& known) {
        return known.stack_size == stack_size && known.spawned_at.line() == spawned_at.line()
               && std::string_view(known.spawned_at.file()) == spawned_at.file();
    });
    if (use == uses_.end())
        use = uses_.insert(use, {spawned_at, stack_size, 0, 0});
    ++use->coroutines;
    use->deepest = std::max(use->deepest, used);
}

std::ostream& operator<<(std::ostream& out, const StackUses& uses)
{
    std::vector<StackUse> sorted(uses.begin(), uses.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const StackUse& one, const StackUse& other) {
        return one.deepest > other.deepest;
    });
    for (const StackUse& use : sorted)
        out << to_string(use.spawned_at) << ": " << use.coroutines
            << (use.coroutines == 1 ? " coroutine, " : " coroutines, ") << use.deepest << " of "
            << use.stack_size << " bytes of stack at most\n";
    return out;
}

}
