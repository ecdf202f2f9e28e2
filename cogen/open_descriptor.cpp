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

Descriptor OpenDescriptor::release()
{
    const Descriptor descriptor = std::exchange(descriptor_, Descriptor());
    if (const std::shared_ptr<Reactor> reactor = reactor_.lock(); reactor && descriptor.valid())
        reactor->forget(descriptor);
    return descriptor;
}

}
