#include "tests/differential/planted_bug.hpp"

#include "reactors/reactor_decorator.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

using namespace cogen;

namespace differential {
namespace {

/// What is told of the end of an operation that has been handed on in the place of another.
class Receiver {
public:
    virtual void done(IoOperation& original, error_code error) = 0;

protected:
    ~Receiver() = default;
};

/// Goes to the good reactor in the place of an operation, which it attempts and advances.
class Substitute final : public IoOperation, private Waiter {
public:
    Substitute(IoOperation& original, PlantedBug& bug, Receiver& receiver)
        : IoOperation(original.descriptor(), original.interest()),
          original_(original),
          bug_(bug),
          receiver_(receiver)
    {
        if (original.borrows())
            borrow();
        refuse(*this, {});  // makes us its waiter
    }

    IoOperation& original() const { return original_; }

    ssize_t attempt(Kernel& kernel) noexcept override { return original_.attempt(kernel); }

    bool advance(ssize_t answer) noexcept override
    {
        const bool wrong =
            bug_.kind == PlantedBug::Kind::wrong_count && answer > 1 && bug_.strikes();
        const bool done = original_.advance(wrong ? answer - 1 : answer);
        set_error(original_.error());
        return done;
    }

    std::string describe() const override { return original_.describe(); }

private:
    void on_complete(Operation&) override { receiver_.done(original_, error()); }
    Coroutine* go_on_after(Operation&) override
    {
        receiver_.done(original_, error());
        return nullptr;
    }
    void limit(Duration) override {}
    [[noreturn]] void raise() override { throw std::logic_error("nobody raises this"); }

    IoOperation& original_;
    PlantedBug& bug_;
    Receiver& receiver_;
};

class BuggyReactor final : public ReactorDecorator, public Receiver {
public:
    BuggyReactor(std::unique_ptr<Reactor> good, PlantedBug& bug)
        : ReactorDecorator(std::move(good)), bug_(bug)
    {}

    bool empty() const override { return substitutes_.empty(); }

    bool start(IoOperation& operation) override
    {
        auto& substitute = substitutes_[&operation];
        substitute = std::make_unique<Substitute>(operation, bug_, *this);
        if (!inner().start(*substitute))
            return false;
        set_error(operation, substitute->error());
        substitutes_.erase(&operation);
        return true;
    }

    void cancel(IoOperation& operation, error_code why) override
    {
        if (lost_.contains(&operation))
            done(operation, why);
        else
            inner().cancel(*substitutes_.at(&operation), why);
    }

    error_code close(Descriptor descriptor) override
    {
        const auto lost = lost_;
        for (IoOperation* operation : lost)
            if (operation->descriptor() == descriptor)
                done(*operation, errc::closed);
        const bool waited_for =
            std::any_of(substitutes_.begin(), substitutes_.end(),
                        [&](const auto& one) { return one.first->descriptor() == descriptor; });
        if (bug_.kind == PlantedBug::Kind::lost_closing && waited_for && bug_.strikes()) {
            const int answer = kernel().close(descriptor);
            return answer < 0 ? system_error_code(-answer) : error_code();
        }
        return inner().close(descriptor);
    }

    bool wait(Patience patience) override
    {
        waiting_ = true;
        const bool moved = inner().wait(patience);
        waiting_ = false;
        return moved;
    }

private:
    void done(IoOperation& original, error_code error) override
    {
        if (bug_.kind == PlantedBug::Kind::lost_wakeup && waiting_ && bug_.strikes()) {
            lost_.insert(&original);
            return;
        }
        lost_.erase(&original);
        over_.push_back(std::move(substitutes_.at(&original)));  // which is on its way still
        substitutes_.erase(&original);
        original.complete(error);
    }

    PlantedBug& bug_;
    std::map<IoOperation*, std::unique_ptr<Substitute>> substitutes_;
    std::set<IoOperation*> lost_;
    std::vector<std::unique_ptr<Substitute>> over_;
    bool waiting_ = false;
};

}

Decorator with_bug(PlantedBug& bug)
{
    return [&bug](std::unique_ptr<Reactor> good) {
        return std::make_unique<BuggyReactor>(std::move(good), bug);
    };
}

}
