// SPDX-License-Identifier: MIT
#include "reactors/readiness.hpp"

#include <algorithm>
#include <cerrno>

namespace cogen {

/// Attempts until the operation is done (true) or would have to wait (false).
inline bool ReadinessReactor::proceed(IoOperation& operation, Side& side)
{
    for (;;) {
        const ssize_t answer = operation.attempt(kernel());
        if (instrument()) [[unlikely]]
            instrument()->attempted(operation, answer);
        if (answer == -EAGAIN) {
            side.may_succeed = false;
            return false;
        }
        const bool exhausted = operation.exhausts(answer) && !side.doubtful;
        if (exhausted)
            side.may_succeed = false;
        if (operation.advance(answer))
            return true;
        if (exhausted)
            return false;
    }
}

bool ReadinessReactor::start(IoOperation& operation)
{
    const Descriptor descriptor = operation.descriptor();
    if (!descriptor.valid()) [[unlikely]] {
        fail(operation, system_error_code(EBADF));
        return true;
    }
    Slot& slot = this->slot(descriptor);
    Side& side = slot.side(operation.interest());
    if (side.waiter) [[unlikely]] {
        fail(operation, errc::simultaneous);
        return true;
    }
    if (side.may_succeed && proceed(operation, side))
        return true;

    side.waiter = &operation;
    ++waiting_;
    if (side.watched)
        return false;
    error_code refused;
    try {
        refused = watch(descriptor, slot);
    } catch (...) {
        release(slot, side);
        throw;
    }
    if (!refused)
        return false;
    release(slot, side);
    fail(operation, refused);
    return true;
}

void ReadinessReactor::on_ready(Slot& slot, bool readable, bool writable, bool exception)
{
    if (readable || exception)
        serve(slot, slot.read, exception);
    if (writable || exception)
        serve(slot, slot.write, exception);
}

inline void ReadinessReactor::serve(Slot& slot, Side& side, bool exception)
{
    side.may_succeed = true;
    side.doubtful |= exception;
    IoOperation* const operation = side.waiter;
    if (operation && proceed(*operation, side)) {
        release(slot, side);
        operation->complete();
    }
}

void ReadinessReactor::cancel(IoOperation& operation, error_code why)
{
    Slot& slot = this->slot(operation.descriptor());
    release(slot, slot.side(operation.interest()));
    operation.complete(why);
}

error_code ReadinessReactor::close(Descriptor descriptor)
{
    if (static_cast<std::size_t>(descriptor.number()) < slots_.size())
        reset(slot(descriptor));
    const int answer = kernel().close(descriptor);
    return answer < 0 ? system_error_code(-answer) : error_code();
}

void ReadinessReactor::forget(Descriptor descriptor)
{
    Slot& slot = this->slot(descriptor);
    disown(descriptor, slot);
    reset(slot);
}

/// Ends whoever waits. The descriptor's number will stand for something else.
void ReadinessReactor::reset(Slot& slot)
{
    for (Side* side : {&slot.read, &slot.write})
        if (IoOperation* const operation = side->waiter) {
            release(slot, *side);
            operation->complete(errc::closed);
        }
    const std::uint32_t next = slot.generation + 1;
    slot = Slot();
    slot.generation = next;
}

inline void ReadinessReactor::release(Slot& slot, Side& side)
{
    side.waiter = nullptr;
    --waiting_;
    unwatch(slot);
}

ReadinessReactor::Slot& ReadinessReactor::new_slot(std::size_t index)
{
    slots_.resize(std::max(index + 1, slots_.size() * 2));
    return slots_[index];
}

}
