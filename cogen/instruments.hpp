// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/instrument.hpp"

#include <vector>

namespace cogen {

/// Several instruments as one: tells each what it is told, in the order in which they came.
class Instruments final : public Instrument {
public:
    /// One that is here already stays where it is.
    void add(Instrument& instrument);

    /// One that is not here is no matter.
    void remove(Instrument& instrument) noexcept;

    /// Whom to tell: the only one, or us for several, or null where there is none.
    // So that whoever tells has one pointer to look at, however many listen.
    Instrument* whom_to_tell() noexcept;

    void spawned(const Coroutine& coroutine) noexcept override;
    void resumed(const Coroutine& coroutine) noexcept override;
    void yielded(const Coroutine& coroutine, const Operation& operation) noexcept override;
    void woken(const Coroutine& coroutine, const Operation& operation) noexcept override;
    void ended(const Record& record) noexcept override;
    void before_wait(Patience patience) noexcept override;
    void after_wait() noexcept override;
    void attempted(const IoOperation& operation, ssize_t answer) noexcept override;

private:
    std::vector<Instrument*> all_;
};

}
