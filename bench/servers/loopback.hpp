// SPDX-License-Identifier: MIT
#pragma once

#include "bench/owned_fd.hpp"

#include <cstdint>

namespace bench {

/// Plain system calls on 127.0.0.1, for the parts of the benchmark that must not depend on what
/// they measure. They throw std::system_error where the call fails.
OwnedFd listen_on_loopback();  ///< on a port of the system's choice
std::uint16_t port_of(int fd);
OwnedFd connect_to_loopback(std::uint16_t port);
void set_non_blocking(int fd);

}
