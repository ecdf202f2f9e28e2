// SPDX-License-Identifier: MIT
#include "reactors/readiness.hpp"

#include <algorithm>
#include <cerrno>

namespace cogen {

/// Attempts until the operation is done or would have to wait, but not for ever: a peer may take as
/// fast as we give, and others wait, too.
inline ReadinessReactor::Progress ReadinessReactor::proceed(IoOperation& operation, Side& side)
{
    constexpr int most = 16;
    for (int attempts = 0; attempts < most; ++attempts) {
        const ssize_t answer = attempt(operation);
        if (answer == -EAGAIN) {
            // Who only waits has not tried: a call can fail on what is never ready.
            side.may_succeed = side.may_succeed && operation.borrows();
            return Progress::would_block;
        }
        const bool exhausted = operation.exhausts(answer) && !side.doubtful;
        if (exhausted)
            side.may_succeed = false;
        if (operation.advance(answer))
            return Progress::done;
        if (exhausted)
            return Progress::would_block;
    }
    return Progress::unfinished;
}

bool ReadinessReactor::start(IoOperation& operation)
{
    const Descriptor descriptor = operation.descriptor();
    if (!has_slot(descriptor) && !is_open(descriptor)) [[unlikely]] {
        set_error(operation, system_error_code(EBADF));
        return true;
    }
    Slot& slot = this->slot(descriptor);
    Side& side = slot.side(operation.interest());
    if (side.waiter) [[unlikely]] {
        set_error(operation, errc::simultaneous);
        return true;
    }
    Progress progress = Progress::would_block;
    if (side.may_succeed || operation.borrows())
        progress = proceed(operation, side);
    if (progress == Progress::done)
        return true;

    side.waiter = &operation;
    ++waiting_;
    if (side.watched && progress == Progress::would_block)
        return false;
    const error_code refused = watch_for(operation, slot);
    if (!refused)
        return false;
    release(slot, side);
    set_error(operation, refused);
    return true;
}

/// Whoever does not borrow it makes it ours, and then it stays so.
error_code ReadinessReactor::watch_for(IoOperation& operation, Slot& slot)
{
    const bool watched = slot.read.watched || slot.write.watched;
    slot.borrowed = operation.borrows() && (slot.borrowed || !watched);
    return watch_or_fail(operation.descriptor(), slot);
}

error_code ReadinessReactor::watch_or_fail(Descriptor descriptor, Slot& slot)
{
    try {
        return watch(descriptor, slot);
    } catch (const std::bad_alloc&) {
        return system_error_code(ENOMEM);
    }
}

void ReadinessReactor::on_ready(Slot& slot, bool readable, bool writable, bool exception)
{
    const std::uint32_t generation = slot.generation;
    if (readable || exception)
        serve(slot, slot.read, exception);
    if ((writable || exception) && slot.generation == generation)
        serve(slot, slot.write, exception);
}

inline void ReadinessReactor::serve(Slot& slot, Side& side, bool exception)
{
    side.may_succeed = true;
    side.doubtful |= exception;
    IoOperation* const operation = side.waiter;
    if (!operation)
        return;
    Progress progress = proceed(*operation, side);
    if (side.waiter != operation) [[unlikely]] {
        set_error(*operation, {});  // what it has received has taken the place of its descriptor
        return;
    }
    const bool last_report = slot.borrowed || !side.watched;
    if (progress == Progress::unfinished || (progress == Progress::would_block && last_report))
        progress = watch_again(*operation, slot);
    if (progress == Progress::done) {
        release(slot, side);
        operation->complete();
    }
}

void ReadinessReactor::on_refused(Slot& slot, Side& side, error_code why)
{
    IoOperation* const operation = side.waiter;
    if (!operation)
        return;
    if (proceed(*operation, side) != Progress::done)
        set_error(*operation, why);
    if (side.waiter != operation) {
        set_error(*operation, {});  // as in serve()
        return;
    }
    release(slot, side);
    operation->complete();
}

/// There will be another report, or the operation has failed.
ReadinessReactor::Progress ReadinessReactor::watch_again(IoOperation& operation, Slot& slot)
{
    const error_code refused = watch_for(operation, slot);
    if (!refused)
        return Progress::would_block;
    set_error(operation, refused);
    return Progress::done;
}

void ReadinessReactor::cancel(IoOperation& operation, error_code why)
{
    Slot& slot = this->slot(operation.descriptor());
    release(slot, slot.side(operation.interest()));
    operation.complete(why);
}

error_code ReadinessReactor::close(Descriptor descriptor)
{
    if (has_slot(descriptor))
        reset(slot(descriptor));
    const int answer = kernel().close(descriptor);
    return answer < 0 ? system_error_code(-answer) : error_code();
}

void ReadinessReactor::forget(Descriptor descriptor)
{
    if (!has_slot(descriptor))
        return;
    Slot& slot = this->slot(descriptor);
    disown(descriptor, slot);
    reset(slot);
}

void ReadinessReactor::retry(Descriptor descriptor)
{
    if (has_slot(descriptor))
        on_ready(slot(descriptor), true, true, false);
}

/// Ends whoever waits. The descriptor's number will stand for something else.
void ReadinessReactor::reset(Slot& slot)
{
    slot.borrowed = false;  // all end: there is nobody for whom to watch it on
    for (Side* side : {&slot.read, &slot.write})
        if (IoOperation* const operation = side->waiter) {
            release(slot, *side);
            operation->complete(errc::closed);
        }
    forget_state(slot);
}

inline void ReadinessReactor::release(Slot& slot, Side& side)
{
    side.waiter = nullptr;
    --waiting_;
    unwatch(slot);
    if (slot.borrowed) [[unlikely]]
        give_back(slot);
}

/// One of those who borrow it waits no longer: it is watched for the other alone, or left to its
/// owner.
void ReadinessReactor::give_back(Slot& slot)
{
    const Descriptor descriptor = descriptor_of(slot);
    Side& side = slot.read.waiter ? slot.read : slot.write;
    if (!side.waiter) {
        disown(descriptor, slot);
        forget_state(slot);
    } else if (const error_code refused = watch_or_fail(descriptor, slot)) {
        IoOperation& operation = *side.waiter;
        release(slot, side);
        operation.complete(refused);
    }
}

/// Its number may stand for something else from now on.
void ReadinessReactor::forget_state(Slot& slot)
{
    const std::uint32_t next = slot.generation + 1;
    const std::uint32_t place = slot.place;
    slot = Slot();
    slot.generation = next;
    slot.place = place;
}

ReadinessReactor::Slot& ReadinessReactor::new_slot(std::size_t index)
{
    slots_.resize(std::max(index + 1, slots_.size() * 2));
    return slots_[index];
}

}
