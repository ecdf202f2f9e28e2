// SPDX-License-Identifier: MIT
#include "reactors/reactor.hpp"
#include "reactors/ring.hpp"

#include <cerrno>

#if __has_include(<liburing.h>) && !defined(COGEN_WITHOUT_LIBURING)

#include "cogen/submission.hpp"
#include "reactors/waker.hpp"

#include <algorithm>
#include <climits>

namespace cogen {
namespace {

// The kernel is not asked when a descriptor is ready: it is told the whole call, and tells the
// answer. What follows from that:
//
// - An operation that has been handed over is the kernel's, and so is its buffer, until its own
//   completion has come. To cancel it is to ask. The cancellation has an answer of its own, which
//   may come first and means nothing: only the operation's completion lets its coroutine go on. So
//   operation and buffer may lie on that coroutine's stack.
// - A call that was faster than its cancellation has read its bytes, or accepted its connection.
//   That is delivered, not dropped.
// - close(2) ends nothing that is under way, and the number may be another file's before an entry
//   is looked at. So what waits on a descriptor is cancelled, and that handed over, before it is
//   closed.
// - One system call hands over all entries of a turn, and waits. That is the whole gain: an entry
//   costs more than a system call, but fewer are needed. Where a turn has brought one completion
//   only, a write is attempted at once instead, which is nearly always done by that.
// - A read usually waits, and so does an accept. So they are told to begin with that (POLL_FIRST),
//   unless the last one has left something behind, or unless it is the first: who connects has
//   something to say.
// - A write is told not to wait, and where it must, we wait for it, by a poll entry as below. The
//   kernel's own waiting takes it for a reason to try again that the peer will send no more, and
//   where his buffer is full, too, tries without end, and cannot be stopped.
// - Calls that have no entry go by readiness: the kernel is asked to poll, and then we attempt, as
//   the reactors do that know nothing else. So does everything where the calls are to be made by a
//   Kernel of somebody's own, who fails some of them or counts. An entry that polls knows neither
//   operation nor buffer; so whoever waits by one ends at once when he is to.
// - A poll reports the end of what the peer sends unasked, like an error, and each new one does so
//   at once. After a report in vain we ask for one report after the other (multishot), which after
//   the first come only when something happens.

/// Fills in what the kernel is told of one operation.
class Entry final : public Submission {
public:
    /// A call that may begin by waiting does so if it is not likely to succeed at once.
    Entry(io_uring_sqe& entry, const Ring& ring, bool may_succeed)
        : entry_(entry),
          waits_to_receive_(ring.polls_first() && !may_succeed),
          waits_to_accept_(ring.polls_first_to_accept() && !may_succeed)
    {}

    bool recv(Descriptor descriptor, MutableBuffer buffer) override
    {
        // An entry's length has 32 bits, of which the kernel takes one for a sign.
        constexpr std::size_t most = INT_MAX;
        ::io_uring_prep_recv(&entry_, descriptor.number(), buffer.data(),
                             std::min(buffer.size(), most), 0);
        wait_first();
        return true;
    }

    bool send(Descriptor descriptor, ConstBuffer buffer) override
    {
        ::io_uring_prep_send(&entry_, descriptor.number(), buffer.data(), buffer.size(),
                             MSG_NOSIGNAL | MSG_DONTWAIT);
        return true;
    }

    bool recvmsg(Descriptor descriptor, msghdr& message) override
    {
        ::io_uring_prep_recvmsg(&entry_, descriptor.number(), &message, flags_of(message));
        wait_first();
        return true;
    }

    bool sendmsg(Descriptor descriptor, const msghdr& message) override
    {
        ::io_uring_prep_sendmsg(&entry_, descriptor.number(), &message,
                                flags_of(message) | MSG_NOSIGNAL | MSG_DONTWAIT);
        return true;
    }

    bool accept(Descriptor descriptor) override
    {
        ::io_uring_prep_accept(&entry_, descriptor.number(), nullptr, nullptr,
                               SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (waits_to_accept_)
            entry_.ioprio = accept_poll_first;
        return true;
    }

private:
    static unsigned flags_of(const msghdr& message)
    {
        return static_cast<unsigned>(message.msg_flags);
    }

    void wait_first()
    {
        if (waits_to_receive_)
            entry_.ioprio = IORING_RECVSEND_POLL_FIRST;
    }

    io_uring_sqe& entry_;
    bool waits_to_receive_;
    bool waits_to_accept_;
};

/// Hands whole operations to the kernel, by io_uring(7).
class IoUringReactor final : public Reactor {
public:
    IoUringReactor(std::unique_ptr<Ring> ring, const ReactorOptions& options, Kernel& kernel)
        : Reactor(kernel), ring_(std::move(ring)), completions_(options.batch)
    {}

    std::string_view name() const override { return "io_uring"; }
    void wake() noexcept override { waker_.wake(); }
    bool empty() const override { return in_charge_ == 0; }
    std::vector<CallCount> calls() const override { return {ring_->calls()}; }

    bool start(IoOperation& operation) override;
    void cancel(IoOperation& operation, error_code why) override;
    error_code close(Descriptor descriptor) override;
    void forget(Descriptor descriptor) override;
    void retry(Descriptor descriptor) override;
    bool wait(Patience patience) override;

private:
    /// One direction of a descriptor.
    struct Side {
        IoOperation* waiter = nullptr;
        std::uint64_t mark = nobody;  // of the entry that is under way for it

        bool polled() const { return mark & polled_bit; }
    };

    struct Slot {
        Side read;
        Side write;
        bool may_succeed = true;              // a read: none has been, or the last left something
        std::uint64_t called_off_in = never;  // after so many enters, what waited was called off

        Side& side(Interest interest) { return interest == Interest::read ? read : write; }
    };

    // What entries are marked with. A whole operation's is its address. A poll's has the number of
    // the descriptor, its direction, and which of all polls it is; its lowest bit is set.
    static constexpr std::uint64_t nobody = 0;  // a cancellation
    static constexpr std::uint64_t polled_bit = 1;
    static constexpr std::uint64_t wake_up = 2;
    static constexpr std::uint64_t write_bit = 4;

    static constexpr std::uint64_t never = UINT64_MAX;

    /// How far an operation has come.
    enum class Progress : unsigned char { done, would_block, unfinished };

    Progress proceed(IoOperation& operation);
    bool hand_over(IoOperation& operation, Slot& slot);
    void poll(IoOperation& operation, Side& side, bool changes);
    void call_off(Slot& slot, const Side& side);
    void hand_over_for_close() noexcept;
    void finish(Side& side);
    bool serve(const Ring::Completion& completion);
    void serve_operation(const Ring::Completion& completion);
    bool digest(IoOperation& operation, Slot& slot, const Ring::Completion& completion);
    bool serve_poll(const Ring::Completion& completion);
    void attempt_polled(Slot& slot, Side& side, bool goes_on);
    void listen_to_waker();

    bool has_slot(Descriptor descriptor) const
    {
        return static_cast<std::size_t>(descriptor.number()) < slots_.size();  // not where it is -1
    }
    Slot& slot(Descriptor descriptor)
    {
        const auto index = static_cast<std::size_t>(descriptor.number());
        if (index >= slots_.size()) [[unlikely]]
            slots_.resize(std::max(index + 1, slots_.size() * 2));
        return slots_[index];
    }

    Waker waker_;
    std::unique_ptr<Ring> ring_;
    std::vector<Slot> slots_;  // by the descriptor's number
    std::size_t in_charge_ = 0;
    std::size_t brought_ = 0;  // how many completions the last wait has brought
    std::uint32_t polls_ = 0;
    bool listening_ = false;  // to the waker
    std::vector<Ring::Completion> completions_;
};

bool IoUringReactor::start(IoOperation& operation)
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
    const bool alone = brought_ <= 1 && operation.interest() == Interest::write;
    if (alone || !hand_over(operation, slot)) {
        if (proceed(operation) == Progress::done)
            return true;
        poll(operation, side, false);
    }
    ++in_charge_;
    return false;
}

/// Attempts until the operation is done or would have to wait, but not for ever.
IoUringReactor::Progress IoUringReactor::proceed(IoOperation& operation)
{
    constexpr int most = 16;
    for (int attempts = 0; attempts < most; ++attempts) {
        const ssize_t answer = attempt(operation);
        if (answer == -EAGAIN)
            return Progress::would_block;
        if (operation.advance(answer))
            return Progress::done;
    }
    return Progress::unfinished;
}

/// Has the kernel make the call, if there is an entry for it. Answers whether there is.
bool IoUringReactor::hand_over(IoOperation& operation, Slot& slot)
{
    io_uring_sqe raw{};
    Entry entry(raw, *ring_, slot.may_succeed);
    if (!kernel().is_the_system() || !operation.prepare(entry))
        return false;
    const std::uint64_t mark = reinterpret_cast<std::uintptr_t>(&operation);
    ring_->add(raw, mark);
    slot.side(operation.interest()) = {&operation, mark};
    return true;
}

/// Has the kernel tell when to attempt; `changes`: not whether it is so, but when anything happens.
void IoUringReactor::poll(IoOperation& operation, Side& side, bool changes)
{
    const bool writes = operation.interest() == Interest::write;
    const auto number = static_cast<std::uint64_t>(operation.descriptor().number());
    const std::uint64_t mark = static_cast<std::uint64_t>(++polls_) << 32 | number << 3
                               | (writes ? write_bit : 0) | polled_bit;
    io_uring_sqe entry{};
    ::io_uring_prep_poll_add(&entry, operation.descriptor().number(), writes ? POLLOUT : POLLIN);
    if (changes)
        entry.len = IORING_POLL_ADD_MULTI;
    ring_->add(entry, mark);
    side = {&operation, mark};
}

/// Where completions may come out of our next call already, as out of a write to what is waited
/// for here, the kernel hears of it before that. A copy of the process has no queue to put it into.
void IoUringReactor::call_off(Slot& slot, const Side& side)
{
    if (ring_->copied()) [[unlikely]]
        return;
    ring_->add_cancel(side.mark);
    slot.called_off_in = ring_->calls().count;
    if (ring_->way() != Ring::Way::deferred) [[unlikely]]
        ring_->submit();
}

/// Whoever waits by a poll ends at once. The others end when the kernel has let go of them; until
/// then the reason stands in their error.
void IoUringReactor::cancel(IoOperation& operation, error_code why)
{
    if (operation.error().failed())
        return;  // it is ending already: its descriptor has been closed
    Slot& slot = this->slot(operation.descriptor());
    Side& side = slot.side(operation.interest());
    call_off(slot, side);
    set_error(operation, why);
    if (side.polled())
        finish(side);
}

error_code IoUringReactor::close(Descriptor descriptor)
{
    forget(descriptor);
    const int answer = kernel().close(descriptor);
    return answer < 0 ? system_error_code(-answer) : error_code();
}

/// The kernel hears of it now, since the number is free from here on.
void IoUringReactor::forget(Descriptor descriptor)
{
    if (!has_slot(descriptor) || ring_->copied())
        return;
    Slot gone = std::exchange(slot(descriptor), Slot());
    for (Side* side : {&gone.read, &gone.write}) {
        if (!side->waiter || side->waiter->error().failed())
            continue;
        call_off(gone, *side);
        set_error(*side->waiter, errc::closed);
        if (side->polled())
            finish(*side);
    }
    if (gone.read.waiter || gone.write.waiter || gone.called_off_in == ring_->calls().count)
        hand_over_for_close();
}

/// Where the ring is another thread's, that one has ended its loop: then its next look does it.
void IoUringReactor::hand_over_for_close() noexcept
{
    try {
        ring_->submit();
    } catch (const system_error&) {}
}

/// What comes back cancelled without a reason is handed over anew.
void IoUringReactor::retry(Descriptor descriptor)
{
    if (!has_slot(descriptor))
        return;
    Slot& slot = this->slot(descriptor);
    for (Side* side : {&slot.read, &slot.write}) {
        if (!side->waiter || side->waiter->error().failed())
            continue;
        if (side->polled())
            attempt_polled(slot, *side, true);
        else
            ring_->add_cancel(side->mark);
    }
}

/// Who only looks is told, too, that more is on its way.
bool IoUringReactor::wait(Patience patience)
{
    listen_to_waker();
    std::size_t taken = 0;
    do {
        if (patience != Duration::zero() || !ring_->quiet())
            ring_->enter(patience);
        taken = ring_->take(completions_);
        brought_ = 0;
        for (std::size_t i = 0; i < taken; ++i)
            brought_ += serve(completions_[i]);
    } while (brought_ == 0 && taken > 0 && patience == Duration::zero());
    return brought_ > 0 || (patience == Duration::zero() && !ring_->quiet());
}

/// Whether it concerns anybody still.
bool IoUringReactor::serve(const Ring::Completion& completion)
{
    if (completion.mark & polled_bit)
        return serve_poll(completion);
    if (completion.mark == nobody)
        return false;
    if (completion.mark == wake_up) {
        waker_.drain();
        listening_ = false;
    } else {
        serve_operation(completion);
    }
    return true;
}

/// A success counts, whatever was asked for meanwhile.
void IoUringReactor::serve_operation(const Ring::Completion& completion)
{
    IoOperation& operation = *reinterpret_cast<IoOperation*>(completion.mark);
    Slot closed;  // stands in for one that has been closed: its number may be another's
    Slot* slot = &this->slot(operation.descriptor());
    if (slot->side(operation.interest()).waiter != &operation)
        slot = &closed;
    Side& side = slot->side(operation.interest());

    const error_code why = operation.error();
    set_error(operation, {});
    bool done = digest(operation, *slot, completion);
    if (done && operation.error() == errc::closed) [[unlikely]]
        set_error(operation, {});  // what it has received has taken the place of its descriptor
    if (!done && why.failed()) {
        set_error(operation, why);
        done = true;
    }
    if (!done && completion.answer != -EAGAIN && hand_over(operation, *slot))
        return;
    if (!done && (completion.answer == -EAGAIN || proceed(operation) != Progress::done)) {
        poll(operation, side, false);
        return;
    }
    side.waiter = &operation;
    finish(side);
}

/// Whether it is done by this answer.
bool IoUringReactor::digest(IoOperation& operation, Slot& slot, const Ring::Completion& completion)
{
    switch (completion.answer) {
    case -ECANCELED:
    case -EAGAIN:
    case -EINTR:
        return false;
    default:
        break;
    }
    if (operation.interest() == Interest::read)
        slot.may_succeed = completion.flags & IORING_CQE_F_SOCK_NONEMPTY;
    if (instrument()) [[unlikely]]
        instrument()->attempted(operation, completion.answer);
    return operation.advance(completion.answer);
}

bool IoUringReactor::serve_poll(const Ring::Completion& completion)
{
    const Descriptor descriptor(static_cast<int>((completion.mark & UINT32_MAX) >> 3));
    Slot& slot = this->slot(descriptor);
    Side& side = completion.mark & write_bit ? slot.write : slot.read;
    if (side.mark != completion.mark)
        return false;  // called off
    if (completion.answer < 0 && completion.answer != -ECANCELED) {
        set_error(*side.waiter, system_error_code(-completion.answer));
        finish(side);
    } else {
        attempt_polled(slot, side, completion.flags & IORING_CQE_F_MORE);
    }
    return true;
}

/// What waits by a poll is attempted; `goes_on`: the poll will report again.
void IoUringReactor::attempt_polled(Slot& slot, Side& side, bool goes_on)
{
    IoOperation& operation = *side.waiter;
    const Progress progress = proceed(operation);
    if (goes_on && progress != Progress::would_block)
        call_off(slot, side);
    if (progress == Progress::done)
        finish(side);
    else if (progress == Progress::unfinished || !goes_on)
        poll(operation, side, progress == Progress::would_block);
}

/// It is nobody's any more, the kernel's least of all.
void IoUringReactor::finish(Side& side)
{
    IoOperation& operation = *side.waiter;
    side = Side();
    --in_charge_;
    operation.complete();
}

void IoUringReactor::listen_to_waker()
{
    if (listening_)
        return;
    io_uring_sqe entry{};
    ::io_uring_prep_poll_add(&entry, waker_.descriptor().number(), POLLIN);
    ring_->add(entry, wake_up);
    listening_ = true;
}

}

std::unique_ptr<Reactor> make_io_uring_reactor(std::unique_ptr<Ring> ring,
                                               const ReactorOptions& options, Kernel& kernel)
{
    return std::make_unique<IoUringReactor>(std::move(ring), options, kernel);
}

std::unique_ptr<Reactor> make_io_uring_reactor(const ReactorOptions& options, Kernel& kernel)
{
    return make_io_uring_reactor(std::make_unique<Ring>(options.ring_size), options, kernel);
}

}

#else

namespace cogen {

std::unique_ptr<Reactor> make_io_uring_reactor(const ReactorOptions&, Kernel&)
{
    throw_error(system_error_code(ENOSYS), "io_uring: cogen was built without liburing");
}

}

#endif
