// SPDX-License-Identifier: MIT
#include "cogen/stacks.hpp"

#include "cogen/error.hpp"
#include "cogen/known_stacks.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

#ifdef __ELF__
// AddressSanitizer's, where it is in the program; null elsewhere.
extern "C" [[gnu::weak]] void __asan_unpoison_memory_region(const volatile void*, std::size_t);
#endif

namespace cogen {
namespace {

/// What the sanitizer knows of the variables that lay there must not outlive them: the addresses
/// will be somebody else's.
void forget_variables([[maybe_unused]] std::byte* memory, [[maybe_unused]] std::size_t size)
{
#ifdef __ELF__
    if (__asan_unpoison_memory_region)
        __asan_unpoison_memory_region(memory, size);
#endif
}

constexpr std::size_t smallest_slab = std::size_t{1} << 20;
constexpr std::size_t largest_slab = std::size_t{64} << 20;

std::size_t page_size()
{
    static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

#ifdef __linux__
constexpr int guard_install = 102;  // MADV_GUARD_INSTALL, which older headers lack
#endif

bool install_guard([[maybe_unused]] void* page)
{
#ifdef __linux__
    return ::madvise(page, page_size(), guard_install) == 0;
#else
    return false;
#endif
}

}

Stacks::Stacks(std::size_t size, Tenant tenant) : tenant_(tenant)
{
    if (size > SIZE_MAX / 2)
        throw_error(system_error_code(ENOMEM), "a stack of " + std::to_string(size) + " bytes");
    const std::size_t page = page_size();
    stack_size_ = (std::max(size, 4 * page) + page - 1) / page * page;
    one_ = page + stack_size_;
}

Stacks::~Stacks()
{
    for (const auto& [memory, size] : slabs_) {
        forget(memory);
        forget_variables(memory, size);
        ::munmap(memory, size);
    }
}

Stack Stacks::take()
{
    if (next_ == end_)
        add_slab();
    std::byte* const bottom = next_;
    guard(bottom);
    next_ += one_;
    return {next_, stack_size_};
}

/// Each twice as large as the one before, since whoever needs many will need more.
void Stacks::add_slab()
{
    const std::size_t before = slabs_.empty() ? smallest_slab / 2 : slabs_.back().second;
    const std::size_t size =
        std::max(std::clamp(before * 2, smallest_slab, largest_slab) / one_, std::size_t{1}) * one_;

    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#ifdef MAP_NORESERVE
    flags |= MAP_NORESERVE;
#endif
    slabs_.reserve(slabs_.size() + 1);
    void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED)
        throw_error(system_error_code(errno),
                    "mmap of " + std::to_string(size / one_) + " stacks for coroutines");
#ifdef MADV_NOHUGEPAGE
    ::madvise(memory, size, MADV_NOHUGEPAGE);  // a huge page would make each stack cost 2 MiB
#endif
    next_ = static_cast<std::byte*>(memory);
    end_ = next_ + size;
    slabs_.emplace_back(next_, size);
    make_known({next_, size, page_size(), stack_size_, tenant_});
}

void Stacks::guard(std::byte* page) const
{
    if (install_guard(page) || ::mprotect(page, page_size(), PROT_NONE) == 0)
        return;
    const int error = errno;
    throw_error(system_error_code(error),
                error == ENOMEM
                    ? "mprotect of a stack's guard page: each takes two of the process's "
                      "mappings (vm.max_map_count); Linux 6.13 knows a way without"
                    : "mprotect of a stack's guard page");
}

/// With its guard, so that the mappings of neighbours become one.
void Stacks::discard(const Stack& stack) const
{
    forget_variables(stack.top - stack_size_, stack_size_);
    void* const memory =
        ::mmap(stack.top - one_, one_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (memory == MAP_FAILED)
        throw_error(system_error_code(errno), "mmap over a stack that is discarded");
}

bool Stacks::guards_are_unlimited()
{
    void* const page =
        ::mmap(nullptr, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return false;
    const bool unlimited = install_guard(page);
    ::munmap(page, page_size());
    return unlimited;
}

}
