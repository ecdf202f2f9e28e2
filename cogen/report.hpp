// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/coroutine.hpp"
#include "cogen/list.hpp"
#include "cogen/record.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace cogen {

/// What a coroutine is doing, in words.
struct Status {
    std::string coroutine;   ///< "#7 client"
    std::string spawned_at;  ///< "client.cpp:12"
    State state{};
    std::string operation;    ///< "Join(#3 server)"; empty before its first, and while it runs
    std::string yielded_at;   ///< "client.cpp:20"
    std::uint64_t since = 0;  ///< the turn in which it came into its state
};

/// As it is now.
Status status_of(const Coroutine& coroutine);

/// One for each, in the order in which they were spawned.
std::vector<Status> statuses_of(List<Record, Alive>& coroutines);

/// "#7 client, spawned at client.cpp:12, waits since turn 5 for Join(#3 server), yielded at ..."
std::ostream& operator<<(std::ostream& out, const Status& status);

/// What run() answers: how its coroutines have fared since it was last asked.
struct Report {
    /// A coroutine that ended with an exception.
    struct Failure {
        std::string coroutine;   ///< "#7 client"
        std::string spawned_at;  ///< "client.cpp:12"
        std::string what;        ///< the exception's own words
    };
    static constexpr std::size_t failures_max = 100;

    std::size_t finished = 0;       ///< have come to their end, well or not
    std::size_t failed = 0;         ///< of these, ended with an exception
    std::vector<Failure> failures;  ///< these, but no more than the first failures_max
    std::vector<Status> stuck;      ///< waited for something that could no longer happen

    /// Which of these wait for each other: "#1 waits for #2, which waits for #1".
    std::vector<std::string> cycles;

    /// One more, whose record that is.
    void add_failure(const Record& record) noexcept;
};

/// A line on stderr:
/// "2026-03-27 10:15:02 cogen: coroutine #7 client, spawned at client.cpp:12, failed: ..."
void print_failure(const Record& record);

/// The cycles among coroutines that wait for each other's end.
std::vector<std::string> wait_cycles(List<Record, Alive>& coroutines);

/// "3 finished, 1 failed, 1 stuck", and a line for each that failed or is stuck, and each cycle.
std::ostream& operator<<(std::ostream& out, const Report& report);

}
