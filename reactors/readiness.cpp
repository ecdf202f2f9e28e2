// SPDX-License-Identifier: MIT
#include "reactors/readiness.hpp"

#include <algorithm>
#include <cerrno>

namespace cogen {

bool ReadinessReactor::start(IoOperation& operation)
{
    const Descriptor descriptor = operation.descriptor();
    if (!descriptor.valid()) {
        fail(operation, system_error_code(EBADF));
        return true;
    }
    Slot& slot = this->slot(descriptor);
    Side& side = slot.side(operation.interest());
    if (side.waiter) {
        fail(operation, errc::simultaneous);
        return true;
    }
    if (side.may_succeed && proceed(operation, side))
        return true;

    side.waiter = &operation;
    ++waiting_;
    if (const error_code refused = watch(descriptor, slot)) {
        release(descriptor, slot, side);
        fail(operation, refused);
        return true;
    }
    return false;
}

/// Attempts until the operation is done (true) or would have to wait (false).
bool ReadinessReactor::proceed(IoOperation& operation, Side& side)
{
    for (;;) {
        const ssize_t answer = operation.attempt(kernel());
        if (instrument())
            instrument()->attempted(operation, answer);
        if (answer == -EAGAIN) {
            side.may_succeed = false;
            return false;
        }
        const bool exhausted = operation.exhausts(answer) && !side.hung_up;
        if (exhausted)
            side.may_succeed = false;
        if (operation.advance(answer))
            return true;
        if (exhausted)
            return false;
    }
}

void ReadinessReactor::on_ready(Descriptor descriptor, Slot& slot, bool readable, bool writable,
                                bool hang_up)
{
    const auto serve = [&](Side& side, bool ready) {
        side.hung_up |= hang_up;
        side.may_succeed |= ready || hang_up;
        IoOperation* const operation = side.waiter;
        if (operation && side.may_succeed && proceed(*operation, side)) {
            release(descriptor, slot, side);
            operation->complete();
        }
    };
    serve(slot.read, readable);
    serve(slot.write, writable);
}

void ReadinessReactor::cancel(IoOperation& operation, error_code why)
{
    Slot& slot = this->slot(operation.descriptor());
    release(operation.descriptor(), slot, slot.side(operation.interest()));
    operation.complete(why);
}

error_code ReadinessReactor::close(Descriptor descriptor)
{
    Slot& slot = this->slot(descriptor);
    for (Side* side : {&slot.read, &slot.write})
        if (IoOperation* const operation = side->waiter) {
            release(descriptor, slot, *side);
            operation->complete(errc::closed);
        }
    forget(descriptor, slot);
    slot = Slot{.read = {}, .write = {}, .generation = slot.generation + 1, .watch = 0};

    const int answer = kernel().close(descriptor);
    return answer < 0 ? system_error_code(-answer) : error_code();
}

void ReadinessReactor::release(Descriptor descriptor, Slot& slot, Side& side)
{
    side.waiter = nullptr;
    --waiting_;
    unwatch(descriptor, slot);
}

ReadinessReactor::Slot& ReadinessReactor::slot(Descriptor descriptor)
{
    const auto index = static_cast<std::size_t>(descriptor.number());
    if (index >= slots_.size())
        slots_.resize(std::max(index + 1, slots_.size() * 2));
    return slots_[index];
}

}
