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

Kernel& OpenDescriptor::kernel() const
{
    const std::shared_ptr<Reactor> reactor = reactor_.lock();
    return reactor ? reactor->kernel() : system_kernel();
}

Endpoint OpenDescriptor::local_endpoint() const
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int answer =
        kernel().getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), size);
    if (answer < 0)
        throw_error(system_error_code(-answer), "getsockname(" + to_string(descriptor_) + ')');
    return {address, size};
}

Endpoint OpenDescriptor::remote_endpoint() const
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int answer =
        kernel().getpeername(descriptor_, reinterpret_cast<sockaddr*>(&address), size);
    if (answer < 0)
        throw_error(system_error_code(-answer), "getpeername(" + to_string(descriptor_) + ')');
    return {address, size};
}

Descriptor OpenDescriptor::release()
{
    const Descriptor descriptor = std::exchange(descriptor_, Descriptor());
    if (const std::shared_ptr<Reactor> reactor = reactor_.lock(); reactor && descriptor.valid())
        reactor->forget(descriptor);
    return descriptor;
}

}
