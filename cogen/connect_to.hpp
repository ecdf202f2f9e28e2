// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/socket.hpp"
#include "cogen/stackful.hpp"

#include <span>
#include <string_view>

namespace cogen {

/// Connects to a host by its name: resolves it, and tries its endpoints one after the other, until
/// one answers: `Socket socket = connect_to(yield, "localhost", 6379);`. Where none does, it throws
/// the error of the last. How long it may take in all is for with_timeout() to say.
Socket connect_to(Yield& yield, std::string_view host, std::uint16_t port);

/// The same with the endpoints at hand; none at all are EDESTADDRREQ.
Socket connect_to(Yield& yield, std::span<const Endpoint> endpoints);

}
