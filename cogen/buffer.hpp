// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>

namespace cogen {

/// Whatever has its elements in one piece: a string, a view, a vector, an array, a span.
template <class C>
concept Contiguous = requires(C& container)
{
    std::data(container);
    std::size(container);
    requires std::is_trivially_copyable_v<std::remove_pointer_t<decltype(std::data(container))>>;
};

/// One of these whose elements can be written to.
template <class C>
concept WritableContiguous = Contiguous<C> && !std::is_const_v<
    std::remove_pointer_t<decltype(std::data(std::declval<C&>()))>>;

/// A buffer of Asio, or another type whose data() is a bare address.
template <class C>
concept AddressAndSize = requires(C& buffer)
{
    requires std::is_void_v<std::remove_pointer_t<decltype(buffer.data())>>;
    requires std::convertible_to<decltype(buffer.size()), std::size_t>;
};

/// Bytes to be read from; somebody else owns them, until the operation is complete.
class ConstBuffer {
public:
    ConstBuffer() = default;
    ConstBuffer(const void* data, std::size_t size)
        : data_(static_cast<const std::byte*>(data)), size_(size)
    {}

    /// A string literal, without the NUL at its end.
    template <std::size_t n>
    ConstBuffer(const char (&literal)[n]) : ConstBuffer(literal, n - 1)
    {
        assert(literal[n - 1] == '\0');
    }

    /// An array of characters, all of it.
    template <std::size_t n>
    ConstBuffer(char (&array)[n]) : ConstBuffer(array, n)
    {}

    template <Contiguous C>
    ConstBuffer(const C& container)
        : ConstBuffer(std::data(container), std::size(container) * sizeof(*std::data(container)))
    {}

    template <AddressAndSize B>
    ConstBuffer(const B& buffer) : ConstBuffer(buffer.data(), buffer.size())
    {}

    const std::byte* data() const { return data_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    /// Drops the first `count` bytes.
    void skip(std::size_t count)
    {
        data_ += count;
        size_ -= count;
    }

private:
    const std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

/// Bytes to be written to; somebody else owns them, until the operation is complete.
class MutableBuffer {
public:
    MutableBuffer() = default;
    MutableBuffer(void* data, std::size_t size) : data_(static_cast<std::byte*>(data)), size_(size)
    {}

    template <class T>
    MutableBuffer(std::span<T> span) : MutableBuffer(span.data(), span.size_bytes())
    {}

    template <WritableContiguous C>
    MutableBuffer(C& container)
        : MutableBuffer(std::data(container), std::size(container) * sizeof(*std::data(container)))
    {}

    template <AddressAndSize B>
    MutableBuffer(const B& buffer) : MutableBuffer(buffer.data(), buffer.size())
    {}

    std::byte* data() const { return data_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    /// Drops the first `count` bytes.
    void skip(std::size_t count)
    {
        data_ += count;
        size_ -= count;
    }

private:
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

}
