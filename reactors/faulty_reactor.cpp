// SPDX-License-Identifier: MIT
#include "reactors/faulty_reactor.hpp"

#include "cogen/submission.hpp"
#include "reactors/short_message.hpp"

#include <cerrno>
#include <utility>

namespace cogen {

using Kind = Faults::Kind;

/// Stands in for an operation at the inner reactor, from its start to its end.
class FaultyReactor::Flight final : public IoOperation, private Waiter {
public:
    Flight(FaultyReactor& reactor, IoOperation& operation)
        : IoOperation(operation.descriptor(), operation.interest()),
          reactor_(reactor),
          operation_(operation)
    {
        refuse(*this, {});  // nothing is refused: that is how an operation gets its waiter
        yielded_at(operation.site());
        if (operation.borrows())
            borrow();
    }

    ssize_t attempt(Kernel& kernel) noexcept override;
    bool prepare(Submission& submission) noexcept override;
    bool advance(ssize_t answer) noexcept override;
    std::string describe() const override { return operation_.describe(); }

    IoOperation& operation() const { return operation_; }

    /// Whether another would have to wait for the same.
    bool blocks(const IoOperation& other) const
    {
        return !left && descriptor() == other.descriptor() && interest() == other.interest();
    }

    std::list<Flight>::iterator place;
    bool left = false;      // by its descriptor, which has been closed or forgotten
    bool landed = false;    // has ended
    std::size_t turns = 0;  // until that is told

private:
    class Shortened;

    void land();

    void on_complete(Operation&) override { land(); }
    Coroutine* go_on_after(Operation&) override
    {
        land();
        return nullptr;
    }
    void limit(Duration) override {}
    [[noreturn]] void raise() override { throw_error(error(), describe()); }

    FaultyReactor& reactor_;
    IoOperation& operation_;
    bool transfers_ = false;    // by a call of the system's own, on a stream
    msghdr message_{};          // for that
    std::vector<iovec> parts_;  // of the message
};

/// The call that an operation prepares, for fewer bytes now and then.
class FaultyReactor::Flight::Shortened final : public Submission {
public:
    Shortened(Flight& flight, Submission& inner) : flight_(flight), inner_(inner) {}

    bool recv(Descriptor descriptor, MutableBuffer buffer) override
    {
        return flight_.transfers_ =
                   inner_.recv(descriptor, {buffer.data(), shortened(buffer.size())});
    }

    bool send(Descriptor descriptor, ConstBuffer buffer) override
    {
        return flight_.transfers_ =
                   inner_.send(descriptor, {buffer.data(), shortened(buffer.size())});
    }

    /// What the system answers in the message itself, its owner would look for in his own.
    bool recvmsg(Descriptor descriptor, msghdr& message) override
    {
        if (message.msg_control || message.msg_name)
            return inner_.recvmsg(descriptor, message);
        shorten(message);
        return flight_.transfers_ = inner_.recvmsg(descriptor, flight_.message_);
    }

    bool sendmsg(Descriptor descriptor, const msghdr& message) override
    {
        shorten(message);
        return flight_.transfers_ = inner_.sendmsg(descriptor, flight_.message_);
    }

    bool accept(Descriptor descriptor) override { return inner_.accept(descriptor); }

private:
    std::size_t shortened(std::size_t size) const
    {
        return flight_.reactor_.faulty_kernel_.shortened(flight_.descriptor(), size);
    }

    void shorten(const msghdr& message)
    {
        flight_.message_ = message;
        flight_.parts_ = first_bytes(message, shortened(size_of(message)));
        set_parts(flight_.message_, flight_.parts_);
    }

    Flight& flight_;
    Submission& inner_;
};

/// Of two things the inner reactor hears the truth: that an answer is short by our doing, and not
/// because there was no more; and that it has to try again what we refused.
ssize_t FaultyReactor::Flight::attempt(Kernel&) noexcept
{
    const Faults& faults = reactor_.faults_;
    const auto refusals = faults.count(Kind::not_ready);
    const auto short_ones = faults.count(Kind::short_transfer);
    transfers_ = false;
    const ssize_t answer = operation_.attempt(reactor_.faulty_kernel_);
    if (faults.count(Kind::not_ready) != refusals)
        reactor_.refused_.push_back(descriptor());
    const bool is_all = faults.count(Kind::short_transfer) == short_ones;
    want(is_all && operation_.exhausts(answer) ? SIZE_MAX : 0);
    return answer;
}

bool FaultyReactor::Flight::prepare(Submission& submission) noexcept
{
    Shortened shortened(*this, submission);
    transfers_ = false;
    return operation_.prepare(shortened);
}

bool FaultyReactor::Flight::advance(ssize_t answer) noexcept
{
    if (transfers_ && answer > 0 && reactor_.faults_.happens(Kind::reset))
        answer = -ECONNRESET;
    return operation_.advance(answer);
}

void FaultyReactor::Flight::land()
{
    landed = true;
    if (reactor_.faults_.happens(Kind::delayed))
        turns = 1 + reactor_.faults_.below(3);
    reactor_.landed_.push_back(this);
}

FaultyReactor::FaultyReactor(std::unique_ptr<Reactor> inner, Faults faults)
    : FaultyReactor(std::move(inner), std::make_shared<Faults>(std::move(faults)))
{}

FaultyReactor::FaultyReactor(std::unique_ptr<Reactor> inner, std::shared_ptr<Faults> faults)
    : Reactor(inner->kernel()),
      name_("faulty-" + std::string(inner->name())),
      shared_(std::move(faults)),
      faults_(*shared_),
      faulty_kernel_(inner->kernel(), faults_),
      inner_(std::move(inner))
{}

FaultyReactor::~FaultyReactor() = default;

/// One whose end has not been told is there still: whoever wants the same is too many.
bool FaultyReactor::start(IoOperation& operation)
{
    for (const Flight* other : landed_)
        if (other->blocks(operation)) {
            set_error(operation, errc::simultaneous);
            return true;
        }
    Flight& flight = flights_.emplace_back(*this, operation);
    flight.place = std::prev(flights_.end());
    bool done = false;
    try {
        done = inner_->start(flight);
    } catch (...) {
        flights_.erase(flight.place);
        throw;
    }
    if (!done)
        return false;
    if (!flight.error().failed() && faults_.happens(Kind::delayed)) {
        flight.landed = true;
        flight.turns = 1 + faults_.below(3);
        landed_.push_back(&flight);
        return false;
    }
    if (flight.error().failed())
        set_error(operation, flight.error());
    flights_.erase(flight.place);
    return true;
}

/// What has ended is not to be cancelled: it has been faster, though nobody knows that yet.
void FaultyReactor::cancel(IoOperation& operation, error_code why)
{
    for (Flight& flight : flights_)
        if (&flight.operation() == &operation) {
            if (!flight.landed)
                inner_->cancel(flight, why);
            break;
        }
    tell(false);
}

error_code FaultyReactor::close(Descriptor descriptor)
{
    leave(descriptor);
    const error_code error = inner_->close(descriptor);
    tell(false);
    return error;
}

void FaultyReactor::forget(Descriptor descriptor)
{
    leave(descriptor);
    inner_->forget(descriptor);
    tell(false);
}

void FaultyReactor::leave(Descriptor descriptor)
{
    for (Flight& flight : flights_)
        flight.left |= flight.descriptor() == descriptor;
}

void FaultyReactor::retry(Descriptor descriptor)
{
    inner_->retry(descriptor);
    tell(false);
}

bool FaultyReactor::wait(Patience patience)
{
    told_ = false;
    disturb();
    const bool busy = told_ || !landed_.empty() || !refused_.empty();
    if (!busy && patience != Duration::zero() && faults_.happens(Kind::interrupted))
        return false;
    const bool moved = inner_->wait(busy ? Duration::zero() : patience);
    tell(true);
    return told_ || moved || !landed_.empty() || !refused_.empty();
}

/// Has the inner reactor try what is ready, and has not been told so; and what is not.
void FaultyReactor::disturb()
{
    for (const Descriptor descriptor : std::exchange(refused_, {}))
        inner_->retry(descriptor);
    if (flights_.empty() || !faults_.happens(Kind::spurious))
        return;
    const auto which = static_cast<std::ptrdiff_t>(faults_.below(flights_.size()));
    inner_->retry(std::next(flights_.begin(), which)->descriptor());
}

/// Completes what has ended and has waited long enough.
void FaultyReactor::tell(bool another_turn)
{
    std::vector<Flight*> due;
    std::erase_if(landed_, [&](Flight* flight) {
        if (flight->turns == 0)
            due.push_back(flight);
        else
            flight->turns -= another_turn;
        return !due.empty() && due.back() == flight;
    });
    if (due.size() > 1 && faults_.happens(Kind::reordered))
        faults_.shuffle(due);
    for (Flight* flight : due) {
        IoOperation& operation = flight->operation();
        if (flight->error().failed())
            set_error(operation, flight->error());
        flights_.erase(flight->place);
        operation.complete();
    }
    told_ |= !due.empty();
}

void FaultyReactor::instrument_with(Instrument* instrument) noexcept
{
    Reactor::instrument_with(instrument);
    inner_->instrument_with(instrument);
}

}
