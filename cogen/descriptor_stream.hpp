// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/close.hpp"
#include "cogen/open_descriptor.hpp"
#include "cogen/operations/read.hpp"
#include "cogen/operations/read_exactly.hpp"
#include "cogen/operations/readv.hpp"
#include "cogen/operations/write.hpp"
#include "cogen/operations/write_some.hpp"
#include "cogen/operations/writev.hpp"

#include <initializer_list>
#include <span>
#include <utility>

namespace cogen {

/// A stream of bytes that is a descriptor: what a Socket and a File have in common. Its methods
/// answer with operations to be yielded. At its end it is closed.
///
/// One coroutine may read while another writes; two at the same get SimultaneousError. An empty
/// one (moved from, or closed) has nothing to read from or write to: EBADF.
class DescriptorStream {
public:
    /// Reads what there is; 0 is the end. The buffer stays the caller's.
    Read read(MutableBuffer buffer) const { return {descriptor(), buffer, kind_, timeout_}; }

    /// Reads until the buffer is full.
    ReadExactly read_exactly(MutableBuffer buffer) const
    {
        return {descriptor(), buffer, kind_, timeout_};
    }

    /// Reads what there is, into one buffer after the other.
    Readv readv(std::span<const MutableBuffer> buffers) const
    {
        return {descriptor(), buffers, kind_, timeout_};
    }
    Readv readv(std::initializer_list<MutableBuffer> buffers) const
    {
        return readv(std::span(buffers.begin(), buffers.size()));
    }

    /// Writes all of it.
    Write write(ConstBuffer buffer) const { return {descriptor(), buffer, kind_, timeout_}; }

    /// Writes as much as there is room for.
    WriteSome write_some(ConstBuffer buffer) const
    {
        return {descriptor(), buffer, kind_, timeout_};
    }

    /// Writes all of several buffers.
    Writev writev(std::span<const ConstBuffer> buffers) const
    {
        return {descriptor(), buffers, kind_, timeout_};
    }
    Writev writev(std::initializer_list<ConstBuffer> buffers) const
    {
        return writev(std::span(buffers.begin(), buffers.size()));
    }

    /// The stream must stay where it is until this is complete.
    Close close() { return Close(descriptor_); }

    /// How long its operations may take that say nothing themselves; unset: as the scheduler says.
    void timeout(Timeout timeout) { timeout_ = timeout; }
    Timeout timeout() const { return timeout_; }

    /// What it is to those who read from it.
    StreamKind kind() const { return kind_; }

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    Descriptor descriptor() const { return descriptor_.get(); }

    /// Gives the descriptor up without closing it: then it is the caller's to close.
    Descriptor release() { return descriptor_.release(); }

protected:
    DescriptorStream() = default;  ///< empty
    DescriptorStream(OpenDescriptor descriptor, StreamKind kind)
        : descriptor_(std::move(descriptor)), kind_(kind)
    {}
    DescriptorStream(DescriptorStream&&) noexcept = default;
    DescriptorStream& operator=(DescriptorStream&&) noexcept = default;
    ~DescriptorStream() = default;

    const OpenDescriptor& open_descriptor() const { return descriptor_; }

private:
    OpenDescriptor descriptor_;
    StreamKind kind_ = StreamKind::socket;
    Timeout timeout_;
};

}
