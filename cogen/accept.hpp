// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/socket.hpp"

#include <cerrno>

namespace cogen {

/// Waits for a connection, by accept(2), and answers with its Socket. One that its peer has given
/// up before we came to it is passed over.
class Accept final : public IoOperation {
public:
    explicit Accept(Descriptor listener) : IoOperation(listener, Interest::read) {}

    ssize_t attempt(Kernel& kernel) noexcept override { return kernel.accept(descriptor()); }

    bool advance(ssize_t answer) noexcept override
    {
        if (answer == -ECONNABORTED)
            return false;
        if (answer < 0)
            return failed(answer);
        accepted_ = Socket(scheduler(), Descriptor(static_cast<int>(answer)));
        return true;
    }

    Socket result()
    {
        throw_if_failed();
        return std::move(accepted_);
    }

    std::string describe() const override { return describe_as("Accept"); }

private:
    Socket accepted_;
};

}
