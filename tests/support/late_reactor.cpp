#include "tests/support/late_reactor.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

using namespace cogen;

LateReactor::Call::Call(IoOperation& operation)
{
    if (!operation.prepare(*this))
        call_ = [&operation](Kernel& kernel) { return operation.attempt(kernel); };
}

bool LateReactor::Call::recv(Descriptor descriptor, MutableBuffer buffer)
{
    call_ = [=](Kernel& kernel) { return kernel.recv(descriptor, buffer); };
    return true;
}

bool LateReactor::Call::send(Descriptor descriptor, ConstBuffer buffer)
{
    call_ = [=](Kernel& kernel) { return kernel.send(descriptor, buffer); };
    return true;
}

bool LateReactor::Call::recvmsg(Descriptor descriptor, msghdr& message)
{
    call_ = [=, &message](Kernel& kernel) { return kernel.recvmsg(descriptor, message); };
    return true;
}

bool LateReactor::Call::sendmsg(Descriptor descriptor, const msghdr& message)
{
    call_ = [=, &message](Kernel& kernel) { return kernel.sendmsg(descriptor, message); };
    return true;
}

bool LateReactor::Call::accept(Descriptor descriptor)
{
    call_ = [=](Kernel& kernel) { return kernel.accept(descriptor); };
    return true;
}

bool LateReactor::start(IoOperation& operation)
{
    if (!operation.descriptor().valid()) {
        set_error(operation, system_error_code(EBADF));
        return true;
    }
    for (const Flight& flight : in_flight_)
        if (!flight.closed && flight.operation->descriptor() == operation.descriptor()
            && flight.operation->interest() == operation.interest()) {
            set_error(operation, errc::simultaneous);
            return true;
        }
    in_flight_.push_back({&operation, Call(operation)});
    return false;
}

void LateReactor::cancel(IoOperation& operation, error_code why)
{
    for (Flight& flight : in_flight_) {
        if (flight.operation != &operation)
            continue;
        if (std::exchange(flight.asked, true))
            throw std::logic_error(operation.describe() + ": asked twice to end");
        if (!flight.why.failed())
            flight.why = why;
        flight.arriving = true;
    }
}

error_code LateReactor::close(Descriptor descriptor)
{
    forget(descriptor);
    const int answer = kernel().close(descriptor);
    return answer < 0 ? system_error_code(-answer) : error_code();
}

void LateReactor::forget(Descriptor descriptor)
{
    for (Flight& flight : in_flight_)
        if (flight.operation->descriptor() == descriptor && !flight.closed) {
            if (!flight.why.failed())
                flight.why = errc::closed;
            flight.closed = flight.arriving = true;
        }
}

void LateReactor::retry(Descriptor descriptor)
{
    for (Flight& flight : in_flight_)
        flight.arriving |= flight.operation->descriptor() == descriptor;
}

bool LateReactor::wait(Patience patience)
{
    std::vector<Flight> before;
    before.swap(in_flight_);
    std::vector<IoOperation*> landed;
    for (Flight& flight : before)
        if (flight.arriving && land(flight))
            landed.push_back(flight.operation);
        else
            in_flight_.push_back(flight);
    const bool moved = look(landed.empty() ? patience : Duration::zero());
    for (IoOperation* operation : landed)
        operation->complete();
    return moved || !landed.empty();
}

/// The one attempt: a success wins over whoever asked for another end.
bool LateReactor::land(Flight& flight)
{
    IoOperation& operation = *flight.operation;
    flight.arriving = false;
    while (!flight.closed) {
        const ssize_t answer = flight.call.make(kernel());
        if (answer == -EAGAIN)
            break;
        if (operation.advance(answer))
            return true;
        flight.call = Call(operation);
    }
    if (flight.why.failed())
        set_error(operation, flight.why);
    return flight.why.failed();
}

/// Finds out which could land, and lets them, next time. Each call is made once without that: it
/// may fail where the descriptor is never ready.
bool LateReactor::look(Patience patience)
{
    std::vector<pollfd> list;
    bool arriving = false;
    for (const Flight& flight : in_flight_) {
        arriving |= flight.arriving || !flight.called;
        const bool reads = flight.operation->interest() == Interest::read;
        list.push_back({flight.closed ? -1 : flight.operation->descriptor().number(),
                        static_cast<short>(reads ? POLLIN : POLLOUT), 0});
    }
    if (arriving)
        patience = Duration::zero();
    const int count = kernel().poll(list, patience.value_or(Duration(-1)));
    if (count < 0)
        throw_error(system_error_code(-count), "poll");
    for (std::size_t i = 0; i < list.size(); ++i)
        in_flight_[i].arriving |=
            list[i].revents != 0 || !std::exchange(in_flight_[i].called, true);
    return arriving || count > 0;
}
