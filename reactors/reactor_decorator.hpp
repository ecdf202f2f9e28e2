// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/reactor.hpp"

namespace cogen {

/// A reactor that passes everything on to another, which is its own. Derive from it to watch what
/// happens, or to change some of it.
///
/// What completes in a wait() completes without a word to the decorator. A WaitKevent is not passed
/// on: it looks for the reactor kqueue itself.
class ReactorDecorator : public Reactor {
public:
    explicit ReactorDecorator(std::unique_ptr<Reactor> inner)
        : Reactor(inner->kernel()), inner_(std::move(inner))
    {}

    std::string_view name() const override { return inner_->name(); }
    bool start(IoOperation& operation) override { return inner_->start(operation); }
    void cancel(IoOperation& operation, error_code why) override { inner_->cancel(operation, why); }
    error_code close(Descriptor descriptor) override { return inner_->close(descriptor); }
    void forget(Descriptor descriptor) override { inner_->forget(descriptor); }
    void retry(Descriptor descriptor) override { inner_->retry(descriptor); }
    bool wait(Patience patience) override { return inner_->wait(patience); }
    void wake() noexcept override { inner_->wake(); }
    bool empty() const override { return inner_->empty(); }
    bool serves_others() const override { return inner_->serves_others(); }
    std::vector<CallCount> calls() const override { return inner_->calls(); }

    void instrument_with(Instrument* instrument) noexcept override
    {
        Reactor::instrument_with(instrument);
        inner_->instrument_with(instrument);
    }

protected:
    Reactor& inner() const { return *inner_; }

private:
    std::unique_ptr<Reactor> inner_;
};

}
