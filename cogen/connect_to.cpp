// SPDX-License-Identifier: MIT
#include "cogen/connect_to.hpp"

#include "cogen/connect.hpp"
#include "cogen/resolve.hpp"

#include <exception>

namespace cogen {

Socket connect_to(Yield& yield, std::string_view host, std::uint16_t port)
{
    std::exception_ptr last;
    for (const Endpoint& endpoint : yield(Resolve(host, port))) {
        try {
            return yield(Connect(endpoint));
        } catch (const system_error&) {
            last = std::current_exception();
        }
    }
    std::rethrow_exception(last);
}

}
