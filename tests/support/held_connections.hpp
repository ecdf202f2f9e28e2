#pragma once

#include "reactors/kernel_decorator.hpp"

#include "cogen/endpoint.hpp"

#include <map>
#include <set>
#include <string>

/// A network in which connections to some endpoints are under way until a test lets them succeed.
class HeldConnections final : public cogen::KernelDecorator {
public:
    explicit HeldConnections(cogen::Kernel& network) : KernelDecorator(network), network_(network)
    {}

    /// From now on a connect() to this endpoint does not come to an end.
    void hold(const cogen::Endpoint& endpoint) { held_.insert(name_of(endpoint)); }

    /// Those to this endpoint that are under way succeed, and later ones are not held.
    void release(const cogen::Endpoint& endpoint);

    int connect(cogen::Descriptor descriptor, const sockaddr* address, socklen_t size) override;
    int close(cogen::Descriptor descriptor) override;
    int poll(std::span<pollfd> descriptors, cogen::Duration timeout) override;

private:
    static std::string name_of(const cogen::Endpoint& endpoint);

    cogen::Kernel& network_;
    std::set<std::string> held_;
    std::map<int, std::string> under_way_;  // where each descriptor connects to
};
