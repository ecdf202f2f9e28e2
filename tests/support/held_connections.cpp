#include "tests/support/held_connections.hpp"

#include <cerrno>
#include <vector>

#include <fcntl.h>

using namespace cogen;

namespace {

/// One of the system's, and not of a network in memory.
bool is_real(Descriptor descriptor) { return ::fcntl(descriptor.number(), F_GETFD) >= 0; }

}

/// The system calls a socket that is not connected ready, and tells a reactor so that asks it past
/// us. One that listens is not ready to be written to.
int HeldConnections::connect(Descriptor descriptor, const sockaddr* address, socklen_t size)
{
    const std::string name(reinterpret_cast<const char*>(address), size);
    if (!held_.contains(name))
        return network_.connect(descriptor, address, size);
    under_way_[descriptor.number()] = name;
    if (is_real(descriptor))
        network_.listen(descriptor, 1);
    return -EINPROGRESS;
}

/// A real connection within one machine is established when connect() returns, or soon after.
void HeldConnections::release(const Endpoint& endpoint)
{
    const std::string name = name_of(endpoint);
    held_.erase(name);
    for (auto at = under_way_.begin(); at != under_way_.end();) {
        if (at->second != name) {
            ++at;
            continue;
        }
        const Descriptor descriptor(at->first);
        at = under_way_.erase(at);
        if (is_real(descriptor))
            network_.shutdown(descriptor, SHUT_RDWR);  // it no longer listens
        network_.connect(descriptor, endpoint.data(), endpoint.size());
        pollfd established{descriptor.number(), POLLOUT, 0};
        network_.poll({&established, 1}, std::chrono::seconds(10));
    }
}

int HeldConnections::close(Descriptor descriptor)
{
    under_way_.erase(descriptor.number());
    return network_.close(descriptor);
}

/// Who is on the way is not ready, whatever the system says of a socket that is not connected.
int HeldConnections::poll(std::span<pollfd> descriptors, Duration timeout)
{
    std::vector<pollfd> shown(descriptors.begin(), descriptors.end());
    for (pollfd& entry : shown)
        if (under_way_.contains(entry.fd))
            entry.fd = -1;
    const int count = network_.poll(shown, timeout);
    for (std::size_t i = 0; i < shown.size(); ++i)
        descriptors[i].revents = shown[i].revents;
    return count;
}

std::string HeldConnections::name_of(const Endpoint& endpoint)
{
    return {reinterpret_cast<const char*>(endpoint.data()), endpoint.size()};
}
