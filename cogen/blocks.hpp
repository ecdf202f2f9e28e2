// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace cogen {

/// Memory in blocks that are used again, so that a program that has warmed up allocates no more.
///
/// It lives as long as its owner or any block: a record may outlive its scheduler.
class Blocks {
public:
    /// One with a single reference, its owner's.
    static Blocks& create() { return *new Blocks; }  // allowed: the last reference deletes it

    /// Aligned as operator new does it; a reference more. Throws bad_alloc.
    void* allocate(std::size_t size)
    {
        ++references_;
        const std::size_t index = size_class(size);
        if (index >= free_.size())
            return ::operator new(size);
        if (Block* block = free_[index]) {
            free_[index] = block->next;
            return block;
        }
        return ::operator new((index + 1) * step);
    }

    /// Keeps it for the next of that size, which must be the one that it was allocated with; a
    /// reference less.
    void deallocate(void* memory, std::size_t size) noexcept
    {
        const std::size_t index = size_class(size);
        if (index >= free_.size())
            ::operator delete(memory);
        else
            free_[index] = new (memory) Block{free_[index]};
        release();
    }

    /// Gives up a reference; the last one to do so ends it.
    void release() noexcept
    {
        if (--references_ == 0)
            delete this;
    }

private:
    struct Block {
        Block* next;
    };

    static constexpr std::size_t step = 16;
    static constexpr std::size_t size_class(std::size_t size) { return (size - 1) / step; }

    Blocks() = default;
    ~Blocks()
    {
        for (Block* block : free_)
            while (block) {
                Block* next = block->next;
                ::operator delete(block);
                block = next;
            }
    }

    std::array<Block*, 64> free_{};  // by size: the first has blocks of 16 bytes, the last of 1 KiB
    std::size_t references_ = 1;
};

}
