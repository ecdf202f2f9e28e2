// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/clock.hpp"
#include "cogen/instrument.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace cogen {

class Scheduler;

/// Writes what happens in a scheduler, a line for each event, to be read like a story:
///
///     turn 1      0.004 ms  #1 greeter  yields Sleep(10ms), at hello.cpp:7
///     turn 1      0.006 ms              the reactor waits, at most 10ms
///
/// Traces as long as it lives, and ends before the scheduler does. The times are those of the
/// scheduler's clock since the tracer began. A line that cannot be written is lost, and the program
/// goes on; how many were lost is said on stderr at the end.
class Tracer final : public Instrument {
public:
    /// `out` stays the caller's. Each line goes there as a whole.
    Tracer(Scheduler& scheduler, std::FILE* out);
    ~Tracer() override;

    Tracer(const Tracer&) = delete;
    Tracer& operator=(const Tracer&) = delete;

    /// The one that COGEN_TRACE in the environment wishes for: "1" on stderr; any other word names
    /// a file, to whose end all schedulers write. Null where it is not set, empty or "0"; and, with
    /// a word on stderr, where the file cannot be had.
    static std::unique_ptr<Tracer> if_wished(Scheduler& scheduler);

    void spawned(const Coroutine& coroutine) noexcept override;
    void resumed(const Coroutine& coroutine) noexcept override;
    void yielded(const Coroutine& coroutine, const Operation& operation) noexcept override;
    void woken(const Coroutine& coroutine, const Operation& operation) noexcept override;
    void ended(const Record& record) noexcept override;
    void before_wait(Patience patience) noexcept override;
    void after_wait() noexcept override;
    void attempted(const IoOperation& operation, ssize_t answer) noexcept override;

private:
    template <class Sentence>
    void line(const Record* who, Sentence sentence) noexcept;
    void write(const std::string& who, const std::string& what);
    std::string by(const Coroutine& woken) const;
    std::string title_of(CoroutineId id) const;

    Scheduler& scheduler_;
    std::FILE* const out_;
    const TimePoint start_;
    TimePoint wait_began_;
    bool looks_only_ = false;  // the reactor, instead of waiting
    std::size_t width_ = 10;   // of the column that says who
    std::uint64_t lost_ = 0;
};

}
