// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace cogen {

/// What run() answers: how its coroutines have fared since it was last asked.
struct Report {
    /// A coroutine that waited for something that could no longer happen.
    struct Stuck {
        std::string coroutine;    ///< "#7 client"
        std::string spawned_at;   ///< "client.cpp:12"
        std::string operation;    ///< "Join(#3 server)"
        std::string yielded_at;   ///< "client.cpp:20"
        std::uint64_t since = 0;  ///< the turn in which it began to wait
    };

    std::size_t finished = 0;  ///< have come to their end, well or not
    std::size_t failed = 0;    ///< of these, ended with an exception
    std::vector<Stuck> stuck;
};

/// "3 finished, 1 failed, 1 stuck", and a line for each that is stuck.
std::ostream& operator<<(std::ostream& out, const Report& report);

}
