// SPDX-License-Identifier: MIT
#include "cogen/connect_to.hpp"

#include "cogen/connect.hpp"
#include "cogen/resolve.hpp"

#include <cerrno>
#include <exception>

namespace cogen {

Socket connect_to(Yield& yield, std::string_view host, std::uint16_t port)
{
    return connect_to(yield, yield(Resolve(host, port)));
}

Socket connect_to(Yield& yield, std::span<const Endpoint> endpoints)
{
    if (endpoints.empty())
        throw_error(system_error_code(EDESTADDRREQ), "connect_to");
    std::exception_ptr last;
    for (const Endpoint& endpoint : endpoints) {
        try {
            return yield(Connect(endpoint));
        } catch (const system_error&) {
            last = std::current_exception();
        }
    }
    std::rethrow_exception(last);
}

}
