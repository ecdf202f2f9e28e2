// SPDX-License-Identifier: MIT
#include "reactors/reactor.hpp"
#include "reactors/ring.hpp"

#include <cerrno>

#if __has_include(<liburing.h>) && !defined(COGEN_WITHOUT_LIBURING)

#include "cogen/submission.hpp"
#include "reactors/waker.hpp"

#include <algorithm>

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
// - A read usually waits, so it is told to begin with that (POLL_FIRST), unless the last one has
//   left bytes behind.
// - Calls that have no entry go by readiness: the kernel is asked to poll, and then we attempt, as
//   the reactors do that know nothing else. So does everything where the calls are to be made by a
//   Kernel of somebody's own, who fails some of them or counts.

/// Fills in what the kernel is told of one operation.
class Entry final : public Submission {
public:
    Entry(io_uring_sqe& entry, bool waits_first) : entry_(entry), waits_first_(waits_first) {}

    bool recv(Descriptor descriptor, MutableBuffer buffer) override
    {
        ::io_uring_prep_recv(&entry_, descriptor.number(), buffer.data(), buffer.size(), 0);
        wait_first();
        return true;
    }

    bool send(Descriptor descriptor, ConstBuffer buffer) override
    {
        ::io_uring_prep_send(&entry_, descriptor.number(), buffer.data(), buffer.size(),
                             MSG_NOSIGNAL);
        return true;
    }

    bool recvmsg(Descriptor descriptor, msghdr& message) override
    {
        ::io_uring_prep_recvmsg(&entry_, descriptor.number(), &message, 0);
        wait_first();
        return true;
    }

    bool sendmsg(Descriptor descriptor, const msghdr& message) override
    {
        ::io_uring_prep_sendmsg(&entry_, descriptor.number(), &message, MSG_NOSIGNAL);
        return true;
    }

    bool accept(Descriptor descriptor) override
    {
        ::io_uring_prep_accept(&entry_, descriptor.number(), nullptr, nullptr,
                               SOCK_NONBLOCK | SOCK_CLOEXEC);
        return true;
    }

    /// Once, until the descriptor is ready.
    void poll(Descriptor descriptor, Interest interest)
    {
        const unsigned events = interest == Interest::read ? POLLIN : POLLOUT;
        ::io_uring_prep_poll_add(&entry_, descriptor.number(), events);
    }

    const io_uring_sqe& get() const { return entry_; }

private:
    void wait_first()
    {
        if (waits_first_)
            entry_.ioprio = IORING_RECVSEND_POLL_FIRST;
    }

    io_uring_sqe& entry_;
    bool waits_first_;
};

/// Hands whole operations to the kernel, by io_uring(7).
class IoUringReactor final : public Reactor {
public:
    IoUringReactor(const ReactorOptions& options, Kernel& kernel)
        : Reactor(kernel), ring_(options.ring_size), completions_(options.batch)
    {}
    ~IoUringReactor() override { abandon(); }

    std::string_view name() const override { return "io_uring"; }
    void wake() noexcept override { waker_.wake(); }
    bool empty() const override { return in_flight_ == 0; }
    std::vector<CallCount> calls() const override { return {ring_.calls()}; }

    bool start(IoOperation& operation) override;
    void cancel(IoOperation& operation, error_code why) override;
    error_code close(Descriptor descriptor) override;
    void forget(Descriptor descriptor) override;
    void retry(Descriptor descriptor) override;
    bool wait(Patience patience) override;

private:
    /// One direction of a descriptor.
    struct Side {
        IoOperation* operation = nullptr;  // the kernel has it
        bool polled = false;               // or only looks when to attempt it
    };

    struct Slot {
        Side read;
        Side write;
        bool has_more = false;  // the last read has left bytes behind

        Side& side(Interest interest) { return interest == Interest::read ? read : write; }
    };

    // What entries are marked with: the operation's address, and in its lowest bit Side::polled.
    static constexpr std::uint64_t nobody = 0;  // a cancellation
    static constexpr std::uint64_t polled_bit = 1;
    static constexpr std::uint64_t wake_up = 2;

    static std::uint64_t mark_of(const Side& side)
    {
        return reinterpret_cast<std::uintptr_t>(side.operation) | (side.polled ? polled_bit : 0);
    }

    bool waits_first(const Slot& slot) const { return ring_.polls_first() && !slot.has_more; }

    bool prepare(IoOperation& operation, Entry& entry) const
    {
        return kernel().is_the_system() && operation.prepare(entry);
    }

    bool proceed(IoOperation& operation);
    void hand_over(IoOperation& operation, Side& side, Entry& entry, bool polled);
    void serve(const Ring::Completion& completion);
    bool digest(IoOperation& operation, Slot& slot, const Ring::Completion& completion);
    void listen_to_waker();
    void abandon() noexcept;

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
    Ring ring_;
    std::vector<Slot> slots_;  // by the descriptor's number
    std::size_t in_flight_ = 0;
    std::size_t batch_ = 0;   // how many completions the last wait has brought
    bool listening_ = false;  // to the waker
    std::vector<Ring::Completion> completions_;
};

bool IoUringReactor::start(IoOperation& operation)
{
    const Descriptor descriptor = operation.descriptor();
    if (!has_slot(descriptor) && !is_open(descriptor)) [[unlikely]] {
        fail(operation, system_error_code(EBADF));
        return true;
    }
    Slot& slot = this->slot(descriptor);
    Side& side = slot.side(operation.interest());
    if (side.operation) [[unlikely]] {
        fail(operation, errc::simultaneous);
        return true;
    }
    const bool alone = batch_ <= 1 && operation.interest() == Interest::write;
    if (alone && proceed(operation))
        return true;
    io_uring_sqe raw{};
    Entry entry(raw, waits_first(slot));
    const bool polled = !prepare(operation, entry);
    if (polled && !alone && proceed(operation))
        return true;
    hand_over(operation, side, entry, polled);
    ++in_flight_;
    return false;
}

/// Attempts until the operation is done, and no more than some times. Answers whether it is done.
bool IoUringReactor::proceed(IoOperation& operation)
{
    constexpr int most = 16;
    for (int attempts = 0; attempts < most; ++attempts) {
        const ssize_t answer = operation.attempt(kernel());
        if (instrument()) [[unlikely]]
            instrument()->attempted(operation, answer);
        if (answer == -EAGAIN)
            return false;
        if (operation.advance(answer))
            return true;
    }
    return false;
}

void IoUringReactor::hand_over(IoOperation& operation, Side& side, Entry& entry, bool polled)
{
    if (polled)
        entry.poll(operation.descriptor(), operation.interest());
    const Side handed_over{&operation, polled};
    ring_.add(entry.get(), mark_of(handed_over));
    side = handed_over;
}

/// Why it is to end stands in the operation's error as long as the kernel has it.
void IoUringReactor::cancel(IoOperation& operation, error_code why)
{
    if (operation.error().failed())
        return;  // it is ending already: its descriptor has been closed
    fail(operation, why);
    ring_.add_cancel(mark_of(slot(operation.descriptor()).side(operation.interest())));
}

error_code IoUringReactor::close(Descriptor descriptor)
{
    forget(descriptor);
    const int answer = kernel().close(descriptor);
    return answer < 0 ? system_error_code(-answer) : error_code();
}

/// The operations complete when the kernel has let go of them. The number is free at once.
void IoUringReactor::forget(Descriptor descriptor)
{
    if (!has_slot(descriptor))
        return;
    const Slot gone = std::exchange(slot(descriptor), Slot());
    if ((!gone.read.operation && !gone.write.operation) || ring_.copied())
        return;
    for (const Side& side : {gone.read, gone.write})
        if (side.operation && !side.operation->error().failed()) {
            fail(*side.operation, errc::closed);
            ring_.add_cancel(mark_of(side));
        }
    ring_.submit();
}

/// What comes back cancelled without a reason is handed over anew.
void IoUringReactor::retry(Descriptor descriptor)
{
    if (!has_slot(descriptor))
        return;
    const Slot slot = this->slot(descriptor);
    for (const Side& side : {slot.read, slot.write})
        if (side.operation && !side.operation->error().failed())
            ring_.add_cancel(mark_of(side));
}

bool IoUringReactor::wait(Patience patience)
{
    listen_to_waker();
    if (patience != Duration::zero() || !ring_.quiet())
        ring_.enter(patience);
    batch_ = ring_.take(completions_);
    for (std::size_t i = 0; i < batch_; ++i)
        serve(completions_[i]);
    return batch_ > 0;
}

void IoUringReactor::serve(const Ring::Completion& completion)
{
    if (completion.mark == nobody)
        return;
    if (completion.mark == wake_up) {
        waker_.drain();
        listening_ = false;
        return;
    }
    IoOperation& operation = *reinterpret_cast<IoOperation*>(completion.mark & ~polled_bit);
    Slot closed;  // stands in for one that has been closed: its number may be another's
    Slot* slot = &this->slot(operation.descriptor());
    if (slot->side(operation.interest()).operation != &operation)
        slot = &closed;

    const error_code why = operation.error();
    fail(operation, {});
    if (!digest(operation, *slot, completion)) {
        if (!why.failed()) {
            io_uring_sqe raw{};
            Entry entry(raw, waits_first(*slot));
            const bool polled = completion.answer == -EAGAIN || !prepare(operation, entry);
            hand_over(operation, slot->side(operation.interest()), entry, polled);
            return;
        }
        fail(operation, why);
    }
    slot->side(operation.interest()) = Side();
    --in_flight_;
    operation.complete();
}

/// Whether it is done by this. A success counts, whatever was asked for meanwhile.
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
    if (completion.mark & polled_bit && completion.answer >= 0)
        return slot.side(operation.interest()).operation && proceed(operation);
    if (operation.interest() == Interest::read)
        slot.has_more = completion.flags & IORING_CQE_F_SOCK_NONEMPTY;
    if (instrument()) [[unlikely]]
        instrument()->attempted(operation, completion.answer);
    return operation.advance(completion.answer);
}

void IoUringReactor::listen_to_waker()
{
    if (listening_)
        return;
    io_uring_sqe raw{};
    Entry entry(raw, false);
    entry.poll(waker_.descriptor(), Interest::read);
    ring_.add(entry.get(), wake_up);
    listening_ = true;
}

/// Nobody writes into the buffers of what is left any more. The operations themselves may be gone.
void IoUringReactor::abandon() noexcept
{
    constexpr int enough = 1000;  // waits: the kernel lets go of what can be cancelled at once
    try {
        if (in_flight_ > 0 && !ring_.copied())
            ring_.add_cancel_all();
        for (int waits = 0; in_flight_ > 0 && !ring_.copied() && waits < enough; ++waits) {
            ring_.enter(std::chrono::milliseconds(1));
            for (std::size_t left = ring_.take(completions_); left-- > 0;)
                in_flight_ -= completions_[left].mark > wake_up;
        }
    } catch (const system_error&) {
        // Another thread's: then it is the end of the ring that ends them.
    }
}

}

std::unique_ptr<Reactor> make_io_uring_reactor(const ReactorOptions& options, Kernel& kernel)
{
    return std::make_unique<IoUringReactor>(options, kernel);
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
