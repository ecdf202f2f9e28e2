// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/accept.hpp"
#include "cogen/close.hpp"
#include "cogen/endpoint.hpp"

namespace cogen {

/// Where connections arrive; `yield(listener.accept())` answers with the next. It must stay where
/// it is until that is complete. At its end it stops listening; the path of a Unix socket stays.
class Listener {
public:
    Listener() = default;  ///< empty
    Listener(OpenDescriptor descriptor, const Endpoint& endpoint)
        : descriptor_(std::move(descriptor)), endpoint_(endpoint)
    {}

    Accept accept() const { return Accept(descriptor(), short_read_at(endpoint_)); }
    Close close() { return Close(descriptor_); }

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    Descriptor descriptor() const { return descriptor_.get(); }

    /// Where it listens, with the port that the system has chosen where 0 was asked for.
    const Endpoint& endpoint() const { return endpoint_; }

private:
    OpenDescriptor descriptor_;
    Endpoint endpoint_;
};

}
