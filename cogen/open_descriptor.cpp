// SPDX-License-Identifier: MIT
#include "cogen/open_descriptor.hpp"

#include <fcntl.h>

namespace cogen {

OpenDescriptor::~OpenDescriptor() { close(); }

error_code OpenDescriptor::close()
{
    block_as_before();
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

Endpoint OpenDescriptor::local_endpoint() const { return ask("getsockname", &Kernel::getsockname); }

Endpoint OpenDescriptor::remote_endpoint() const
{
    return ask("getpeername", &Kernel::getpeername);
}

Endpoint OpenDescriptor::ask(const char* name, AddressCall call) const
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int answer = (kernel().*call)(descriptor_, reinterpret_cast<sockaddr*>(&address), size);
    if (answer < 0)
        throw_error(system_error_code(-answer),
                    std::string(name) + '(' + to_string(descriptor_) + ')');
    return {address, size};
}

void OpenDescriptor::stop_blocking()
{
    const int flags = kernel().fcntl(descriptor_, F_GETFL, 0);
    if (flags >= 0 && (flags & O_NONBLOCK) == 0)
        blocked_before_ = kernel().fcntl(descriptor_, F_SETFL, flags | O_NONBLOCK) == 0;
}

/// The open file may be others', too.
void OpenDescriptor::block_as_before()
{
    if (std::exchange(blocked_before_, false))
        kernel().fcntl(descriptor_, F_SETFL, kernel().fcntl(descriptor_, F_GETFL, 0) & ~O_NONBLOCK);
}

Descriptor OpenDescriptor::release()
{
    block_as_before();
    const Descriptor descriptor = std::exchange(descriptor_, Descriptor());
    if (const std::shared_ptr<Reactor> reactor = reactor_.lock(); reactor && descriptor.valid())
        reactor->forget(descriptor);
    return descriptor;
}

}
