#pragma once

#include <reactors/reactor_decorator.hpp>

#include <ostream>

// [reactor]
/// Passes everything on to another reactor, and says what that was.
class LoggingReactor final : public cogen::ReactorDecorator {
public:
    LoggingReactor(std::unique_ptr<cogen::Reactor> inner, std::ostream& log)
        : ReactorDecorator(std::move(inner)), log_(log)
    {}

    std::string_view name() const override { return "logging"; }

    bool start(cogen::IoOperation& operation) override
    {
        const bool done = inner().start(operation);
        log_ << operation.describe() << (done ? " is done at once\n" : " has to wait\n");
        return done;
    }

    void cancel(cogen::IoOperation& operation, cogen::error_code why) override
    {
        log_ << operation.describe() << " is to end: " << why.message() << '\n';
        inner().cancel(operation, why);
    }

    cogen::error_code close(cogen::Descriptor descriptor) override
    {
        log_ << to_string(descriptor) << " is to be closed\n";
        return inner().close(descriptor);
    }

    bool wait(cogen::Patience patience) override
    {
        const bool moved = inner().wait(patience);
        log_ << "waited " << (patience ? "up to " + cogen::to_string(*patience) : "without limit")
             << (moved ? ": something has moved\n" : ", in vain\n");
        return moved;
    }

private:
    std::ostream& log_;
};
// [/reactor]
