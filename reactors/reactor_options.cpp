// SPDX-License-Identifier: MIT
#include "reactors/reactor_options.hpp"

#include "cogen/error.hpp"

#include <bit>
#include <string>

namespace cogen {

void check(const ReactorOptions& options)
{
    constexpr unsigned largest_ring = 4096, largest_batch = 65536;
    if (!std::has_single_bit(options.ring_size) || options.ring_size > largest_ring)
        throw_error(system_error_code(EINVAL), "a ring of " + std::to_string(options.ring_size)
                                                   + " (its size is a power of two, up to "
                                                   + std::to_string(largest_ring) + ")");
    if (options.batch == 0 || options.batch > largest_batch)
        throw_error(system_error_code(EINVAL), "a batch of " + std::to_string(options.batch)
                                                   + " (it has 1 to "
                                                   + std::to_string(largest_batch) + " events)");
}

}
