// SPDX-License-Identifier: MIT
#include "reactors/readiness.hpp"
#include "reactors/waker.hpp"

#include <vector>

namespace cogen {
namespace {

/// Waits by poll(2): each wait hands the whole list over, so it costs more the more wait. It is
/// everywhere, and the one that works with a kernel that plays a network in memory.
class PollReactor final : public ReadinessReactor {
public:
    explicit PollReactor(Kernel& kernel) : ReadinessReactor(kernel)
    {
        list_.push_back({waker_.descriptor().number(), POLLIN, 0});
    }

    std::string_view name() const override { return "poll"; }
    void wake() noexcept override { waker_.wake(); }

    bool wait(Patience patience) override
    {
        const int count = kernel().poll(list_, patience.value_or(Duration(-1)));
        if (count < 0)
            throw_error(system_error_code(-count), "poll");
        if (count == 0)
            return false;
        if (list_.front().revents & POLLNVAL)
            throw_error(system_error_code(EBADF),
                        "poll: the waker's descriptor has been closed by others");
        if (list_.front().revents != 0)
            waker_.drain();
        serve_ready();
        return true;
    }

private:
    // Slot::place is the descriptor's in the list.
    static constexpr std::uint32_t not_listed = 0;  // the waker's place

    error_code watch(Descriptor descriptor, Slot& slot) override
    {
        if (slot.place == not_listed) {
            list_.push_back({descriptor.number(), 0, 0});
            slot.place = static_cast<std::uint32_t>(list_.size() - 1);
        }
        update(slot);
        return {};
    }

    void unwatch(Slot& slot) override
    {
        if (slot.place == not_listed)
            return;  // it was refused
        update(slot);
        if (list_[slot.place].events == 0)
            remove(slot);
    }

    void update(Slot& slot)
    {
        slot.read.watched = slot.read.waiter != nullptr;
        slot.write.watched = slot.write.waiter != nullptr;
        list_[slot.place].events = static_cast<short>((slot.read.watched ? POLLIN : 0)
                                                      | (slot.write.watched ? POLLOUT : 0));
    }

    void remove(Slot& gone)
    {
        list_[gone.place] = list_.back();
        slot(Descriptor(list_.back().fd)).place = gone.place;
        list_.pop_back();
        gone.place = not_listed;
    }

    /// Whoever is served may leave the list; then the last one has its place, and is next.
    void serve_ready()
    {
        for (std::size_t at = 1; at < list_.size();) {
            const pollfd ready = list_[at];
            list_[at].revents = 0;
            if (ready.revents != 0) {
                on_ready(slot(Descriptor(ready.fd)), ready.revents & POLLIN,
                         ready.revents & POLLOUT, ready.revents & (POLLERR | POLLHUP | POLLNVAL));
            }
            if (at < list_.size() && list_[at].fd == ready.fd)
                ++at;
        }
    }

    Waker waker_;
    std::vector<pollfd> list_;
};

}

std::unique_ptr<Reactor> make_poll_reactor(const ReactorOptions&, Kernel& kernel)
{
    return std::make_unique<PollReactor>(kernel);
}

}
