#pragma once

#include "tests/differential/coverage.hpp"
#include "tests/differential/passing.hpp"
#include "tests/differential/witness.hpp"
#include "tests/support/world.hpp"

#include <functional>
#include <memory>

namespace differential {

class Actor;

/// Puts something between the scheduler and its reactor.
using Decorator = std::function<std::unique_ptr<cogen::Reactor>(std::unique_ptr<cogen::Reactor>)>;

/// What those who play a program share.
struct Stage {
    Stage(const Program& the_program, const std::string& reactor, Coverage& the_coverage,
          const Decorator& decorate);
    ~Stage();

    cogen::Duration tick() const
    {
        return std::chrono::milliseconds(program.order == Order::apart ? 16 : 1);
    }
    void fault(std::string what) { faults.push_back(std::move(what)); }
    void count_order(std::string_view name) { coverage.count("orders", name); }

    const Program& program;
    Coverage& coverage;
    std::unique_ptr<cogen::Kernel> kernel;
    Witness witness;
    cogen::Scheduler scheduler;
    SpinGuard guard{scheduler};
    Network network;
    Passing passing;
    cogen::TimePoint start;  // of the play, when the network is open
    std::vector<std::unique_ptr<Actor>> actors;
    std::vector<std::string> faults;
};

}
