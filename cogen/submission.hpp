// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/buffer.hpp"
#include "cogen/descriptor.hpp"

#include <sys/socket.h>

namespace cogen {

/// A system call to be made by somebody else, who waits for it where we would have to try again:
/// what IoOperation::prepare() fills in. Each function is named as the call that attempt() makes of
/// the Kernel, and means the same: recvmsg() and sendmsg() heed `message.msg_flags`, too.
///
/// It answers false where the call cannot be had in this way; then the operation is attempted. All
/// that it points to stays where it is until the answer has come.
class Submission {
public:
    /// As Kernel::recv().
    virtual bool recv(Descriptor descriptor, MutableBuffer buffer) = 0;

    /// As Kernel::send(): never raises SIGPIPE.
    virtual bool send(Descriptor descriptor, ConstBuffer buffer) = 0;

    /// As Kernel::recvmsg(), with the flags that stand in the message.
    virtual bool recvmsg(Descriptor descriptor, msghdr& message) = 0;

    /// As Kernel::sendmsg(), with the flags that stand in the message.
    virtual bool sendmsg(Descriptor descriptor, const msghdr& message) = 0;

    /// As Kernel::accept(): the new descriptor does not block, and is closed on exec.
    virtual bool accept(Descriptor descriptor) = 0;

protected:
    ~Submission() = default;
};

}
