// SPDX-License-Identifier: MIT
#include "reactors/faulty_ring.hpp"

#include "reactors/ring.hpp"

#include <algorithm>
#include <cerrno>

#if __has_include(<liburing.h>) && !defined(COGEN_WITHOUT_LIBURING)

namespace cogen {
namespace {

using Kind = Faults::Kind;

/// A ring that makes trouble. Only what the kernel might do itself is done to an entry: to be given
/// up, it is really cancelled, and only then is another reason told.
class FaultyRing final : public Ring {
public:
    FaultyRing(unsigned entries, std::shared_ptr<Faults> faults, Kernel& kernel)
        : Ring(entries), shared_(std::move(faults)), faults_(*shared_), kernel_(kernel)
    {}

    void add(const io_uring_sqe& entry, std::uint64_t mark) override;
    void enter(Patience patience) override;
    std::size_t take(std::span<Completion> completions) override;
    bool quiet() const override { return held_back_.empty() && Ring::quiet(); }

private:
    /// An entry whose last completion has not come.
    struct Entry {
        std::uint64_t mark;
        int call;  // IORING_OP_...
    };

    struct HeldBack {
        Completion completion;
        std::size_t turns;  // until it is told
    };

    void shorten(io_uring_sqe& entry);
    void edit(Completion& completion);
    void disguise(Completion& completion, bool polled);
    std::size_t delay(const Completion& completion);

    std::shared_ptr<Faults> shared_;
    Faults& faults_;
    Kernel& kernel_;
    std::vector<Entry> in_flight_;
    std::vector<HeldBack> held_back_;
};

void FaultyRing::add(const io_uring_sqe& entry, std::uint64_t mark)
{
    io_uring_sqe edited = entry;
    shorten(edited);
    Ring::add(edited, mark);
    if (entry.opcode != IORING_OP_ASYNC_CANCEL)
        in_flight_.push_back({mark, entry.opcode});
}

/// What comes in several parts may come in more. Messages are their owner's, and stay whole.
void FaultyRing::shorten(io_uring_sqe& entry)
{
    if ((entry.opcode != IORING_OP_RECV && entry.opcode != IORING_OP_SEND) || entry.len < 2)
        return;
    int type = 0;
    kernel_.getsockopt(Descriptor(entry.fd), SOL_SOCKET, SO_TYPE, type);
    if (type == SOCK_STREAM && faults_.happens(Kind::short_transfer))
        entry.len = static_cast<unsigned>(1 + faults_.below(entry.len - 1));
}

/// Whatever is held back ends a wait at once.
void FaultyRing::enter(Patience patience)
{
    if (!in_flight_.empty() && faults_.happens(Kind::cancelled))
        add_cancel(in_flight_[faults_.below(in_flight_.size())].mark);
    const bool waits = patience != Duration::zero() && held_back_.empty();
    if (!waits || faults_.happens(Kind::interrupted))
        patience = Duration::zero();
    Ring::enter(patience);
}

/// Those of one entry, a poll that goes on, stay in their order.
std::size_t FaultyRing::take(std::span<Completion> completions)
{
    const std::size_t count = Ring::take(completions);
    for (Completion& completion : completions.first(count)) {
        edit(completion);
        held_back_.push_back({completion, delay(completion)});
    }
    std::vector<Completion> due;
    std::erase_if(held_back_, [&](HeldBack& held) {
        if (due.size() == completions.size())
            return false;
        if (held.turns > 0) {
            --held.turns;
            return false;
        }
        due.push_back(held.completion);
        return true;
    });
    const bool has_polls_that_go_on =
        std::any_of(due.begin(), due.end(),
                    [](const Completion& one) { return one.flags & IORING_CQE_F_MORE; });
    if (due.size() > 1 && !has_polls_that_go_on && faults_.happens(Kind::reordered))
        faults_.shuffle(due);
    std::copy(due.begin(), due.end(), completions.begin());
    return due.size();
}

std::size_t FaultyRing::delay(const Completion& completion)
{
    std::size_t turns = faults_.happens(Kind::delayed) ? 1 + faults_.below(3) : 0;
    for (const HeldBack& earlier : held_back_)
        if (earlier.completion.mark == completion.mark)
            turns = std::max(turns, earlier.turns);
    return turns;
}

void FaultyRing::edit(Completion& completion)
{
    const auto entry =
        std::find_if(in_flight_.begin(), in_flight_.end(),
                     [&](const Entry& candidate) { return candidate.mark == completion.mark; });
    if (entry == in_flight_.end())
        return;  // a cancellation's
    const int call = entry->call;
    if (!(completion.flags & IORING_CQE_F_MORE))
        in_flight_.erase(entry);
    const bool reads =
        call == IORING_OP_RECV || call == IORING_OP_RECVMSG || call == IORING_OP_ACCEPT;
    if (completion.answer == -ECANCELED)
        disguise(completion, call == IORING_OP_POLL_ADD);
    else if (completion.answer >= 0 && reads && faults_.happens(Kind::false_hint))
        completion.flags ^= IORING_CQE_F_SOCK_NONEMPTY;
}

/// What was given up has not been done, whatever is told of it: another error that means no more
/// than that, or a readiness that is to be tried.
void FaultyRing::disguise(Completion& completion, bool polled)
{
    if (polled) {
        if (faults_.happens(Kind::spurious))
            completion.answer = POLLIN | POLLOUT;
    } else if (faults_.happens(Kind::interrupted)) {
        completion.answer = -EINTR;
    } else if (faults_.happens(Kind::not_ready)) {
        completion.answer = -EAGAIN;
    }
}

}

std::unique_ptr<Reactor> make_reactor_on_faulty_ring(std::shared_ptr<Faults> faults,
                                                     const ReactorOptions& options, Kernel& kernel)
{
    check(options);
    auto ring = std::make_unique<FaultyRing>(options.ring_size, std::move(faults), kernel);
    return make_io_uring_reactor(std::move(ring), options, kernel);
}

}

#else

namespace cogen {

std::unique_ptr<Reactor> make_reactor_on_faulty_ring(std::shared_ptr<Faults>,
                                                     const ReactorOptions& options, Kernel& kernel)
{
    return make_reactor("io_uring", options, kernel);  // which says why not
}

}

#endif
