// SPDX-License-Identifier: MIT
#include "cogen/open_descriptor.hpp"

namespace cogen {

OpenDescriptor::~OpenDescriptor() { close(); }

error_code OpenDescriptor::close()
{
    const Descriptor descriptor = std::exchange(descriptor_, Descriptor());
    if (!descriptor.valid())
        return {};
    if (const std::shared_ptr<Reactor> reactor = reactor_.lock())
        return reactor->close(descriptor);
    const int answer = system_kernel().close(descriptor);
    return answer < 0 ? system_error_code(-answer) : error_code();
}

Descriptor OpenDescriptor::release()
{
    const Descriptor descriptor = std::exchange(descriptor_, Descriptor());
    if (const std::shared_ptr<Reactor> reactor = reactor_.lock(); reactor && descriptor.valid())
        reactor->forget(descriptor);
    return descriptor;
}

}
