// SPDX-License-Identifier: MIT
#pragma once

#include "bench/servers/servers.hpp"

#include <cogen/cogen.hpp>

namespace bench {

/// What a coroutine does for one connection.
using Handler = void (*)(cogen::Yield&, cogen::Socket);

/// The services as users of cogen write them.
Handler cogen_handler(Service service);

}
