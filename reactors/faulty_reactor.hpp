// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/faulty_kernel.hpp"
#include "reactors/reactor.hpp"

#include <list>

namespace cogen {

/// A reactor that has another do the work, and makes trouble in between: calls do less than they
/// could, as with a FaultyKernel, those that a ring has the system make included; descriptors are
/// said to be ready that are not; what has ended is told later, and in another order; a wait ends
/// before its time. What comes of an operation is the same, unless resets are asked for.
///
///     Scheduler scheduler(std::make_unique<FaultyReactor>(make_reactor("epoll"), Faults(17)));
class FaultyReactor : public Reactor {
public:
    FaultyReactor(std::unique_ptr<Reactor> inner, Faults faults);

    /// The same with faults that the inner one has, too.
    FaultyReactor(std::unique_ptr<Reactor> inner, std::shared_ptr<Faults> faults);
    ~FaultyReactor() override;

    const Faults& faults() const { return *shared_; }

    /// "faulty-epoll", where it goes around that.
    std::string_view name() const override { return name_; }

    bool start(IoOperation& operation) override;
    void cancel(IoOperation& operation, error_code why) override;
    error_code close(Descriptor descriptor) override;
    void forget(Descriptor descriptor) override;
    void retry(Descriptor descriptor) override;
    bool wait(Patience patience) override;
    void wake() noexcept override { inner_->wake(); }
    bool empty() const override { return landed_.empty() && inner_->empty(); }
    bool serves_others() const override { return inner_->serves_others(); }
    std::vector<CallCount> calls() const override { return inner_->calls(); }
    void instrument_with(Instrument* instrument) noexcept override;

private:
    class Flight;

    void leave(Descriptor descriptor);
    void disturb();
    void tell(bool another_turn);

    std::string name_;
    std::shared_ptr<Faults> shared_;
    Faults& faults_;
    FaultyKernel faulty_kernel_;
    std::list<Flight> flights_;
    std::vector<Flight*> landed_;      // have ended, and it has not been told yet
    std::vector<Descriptor> refused_;  // though they were ready: no report of that would follow
    bool told_ = false;                // in this wait, of an end; attempts may close something
    std::unique_ptr<Reactor> inner_;   // the first to go: the system has what is in flight
};

}
