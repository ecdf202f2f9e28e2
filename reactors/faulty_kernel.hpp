// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/faults.hpp"
#include "reactors/kernel_decorator.hpp"

namespace cogen {

/// A kernel that passes each call on to another, and now and then has it do less than it could:
/// fewer bytes go through a stream, a call that would have done says EAGAIN, a connection is given
/// up before it is accepted, a wait ends early. Who is right in his expectations does not notice.
/// Datagrams, and what is no socket, are left alone.
///
/// It serves reactors that ask anew each time what is ready, as poll and select do, in memory too.
/// A reactor that is told of changes only, as epoll is, would wait for one after an EAGAIN that was
/// not true: what goes around that is a FaultyReactor, which has such a kernel inside.
class FaultyKernel final : public KernelDecorator {
public:
    /// Both must outlive it.
    FaultyKernel(Kernel& inner, Faults& faults) : KernelDecorator(inner), faults_(faults) {}

    int accept(Descriptor descriptor) override;
    ssize_t recv(Descriptor descriptor, MutableBuffer buffer) override;
    ssize_t send(Descriptor descriptor, ConstBuffer buffer) override;
    ssize_t recvmsg(Descriptor descriptor, msghdr& message) override;
    ssize_t sendmsg(Descriptor descriptor, const msghdr& message) override;
    ssize_t sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                     std::size_t count) override;
    int poll(std::span<pollfd> descriptors, Duration timeout) override;

    /// How many of so many bytes are to go through the descriptor: fewer now and then, but one at
    /// least.
    std::size_t shortened(Descriptor descriptor, std::size_t size);

private:
    int refusal(Descriptor descriptor);
    int type_of(Descriptor descriptor);

    Faults& faults_;
};

}
