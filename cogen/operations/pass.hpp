// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operation.hpp"

namespace cogen {

/// Gives way: whoever is ready runs before it goes on. `yield(Pass());`
///
/// It is never ended early: who is cancelled while the others run finds that at the next yield.
class [[nodiscard]] Pass final : public Operation {
public:
    [[nodiscard]] Pass() {}  // not defaulted: g++ 12 would not mind that nobody yields it

    /// It is complete as soon as it is started: nothing is left to end early.
    Record* cancel(error_code) override { return nullptr; }

    void result() const { throw_if_failed(); }
    std::string describe() const override { return "Pass()"; }

private:
    Coroutine* start(Scheduler&) override
    {
        complete();
        return nullptr;
    }
};

}
