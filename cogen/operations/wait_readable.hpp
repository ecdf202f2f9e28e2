// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/io_operation.hpp"
#include "reactors/kernel.hpp"

#include <cerrno>

namespace cogen {

/// Waits until a descriptor is ready, and does nothing with it: see its two kinds below.
class WaitReady : public IoOperation {
public:
    /// Asks, by poll(2). A descriptor that has failed, or whose peer is gone, is ready: whoever
    /// uses it next learns that from the call.
    ssize_t attempt(Kernel& kernel) noexcept final
    {
        pollfd one{descriptor().number(), events_, 0};
        const int answer = kernel.poll({&one, 1}, Duration::zero());
        if (answer <= 0)
            return answer < 0 ? answer : -EAGAIN;
        return one.revents & POLLNVAL ? -EBADF : 0;
    }

    bool advance(ssize_t answer) noexcept final { return answer < 0 ? failed(answer) : true; }

    void result() const { throw_if_failed(); }

protected:
    WaitReady(Descriptor descriptor, Interest interest, short events, Timeout timeout)
        : IoOperation(descriptor, interest), events_(events)
    {
        borrow();
        limit_to(timeout);
    }
    ~WaitReady() = default;

private:
    short events_;
};

/// Waits until a read of this descriptor would not block: `yield(WaitReadable(Descriptor(fd)))`.
/// For descriptors of other libraries, which do the reading themselves, and may close them when
/// nobody waits. Regular files are always ready. One coroutine may wait for a descriptor to become
/// readable and another to become writable. One that is not open is an error, EBADF; one that its
/// owner closes meanwhile is his mistake: some reactors never hear of it.
///
/// Ended early, it has done nothing.
class [[nodiscard]] WaitReadable final : public WaitReady {
public:
    [[nodiscard]] explicit WaitReadable(Descriptor descriptor, Timeout timeout = {})
        : WaitReady(descriptor, Interest::read, POLLIN, timeout)
    {}

    std::string describe() const override { return describe_as("WaitReadable"); }
};

/// The same for a write.
class [[nodiscard]] WaitWritable final : public WaitReady {
public:
    [[nodiscard]] explicit WaitWritable(Descriptor descriptor, Timeout timeout = {})
        : WaitReady(descriptor, Interest::write, POLLOUT, timeout)
    {}

    std::string describe() const override { return describe_as("WaitWritable"); }
};

}
