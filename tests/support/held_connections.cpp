#include "tests/support/held_connections.hpp"

#include <cerrno>
#include <vector>

using namespace cogen;

int HeldConnections::connect(Descriptor descriptor, const sockaddr* address, socklen_t size)
{
    const std::string name(reinterpret_cast<const char*>(address), size);
    if (!held_.contains(name))
        return network_.connect(descriptor, address, size);
    under_way_[descriptor.number()] = name;
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
