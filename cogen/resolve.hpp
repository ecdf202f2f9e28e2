// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/endpoint.hpp"
#include "cogen/work.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace cogen {

/// The errors of getaddrinfo(3), "getaddrinfo".
const boost::system::error_category& resolve_category();

/// Finds the endpoints that a host has: `yield(Resolve("example.org", 80))`. Answers with all, in
/// the order in which they are best tried, and with at least one. Names are looked up as the system
/// does it, by getaddrinfo(3), on a helper thread: see HelperThreads. Its errors have
/// resolve_category(); that there is no such host is EAI_NONAME.
///
/// Ended early, it waits no longer; the thread goes on by itself until the system gives up.
class [[nodiscard]] Resolve final : public Operation {
public:
    [[nodiscard]] Resolve(std::string_view host, std::uint16_t port) : host_(host), port_(port) {}

    Record* cancel(error_code why) override;

    std::vector<Endpoint> result()
    {
        throw_if_failed();
        return std::move(endpoints_);
    }

    std::string describe() const override
    {
        return "Resolve(" + host_ + ':' + std::to_string(port_) + ')';
    }

private:
    class Lookup;

    Coroutine* start(Scheduler& scheduler) override;

    std::string host_;
    std::uint16_t port_;
    std::vector<Endpoint> endpoints_;
    std::shared_ptr<Lookup> lookup_;
    std::optional<Work> work_;
};

}
