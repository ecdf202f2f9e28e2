// SPDX-License-Identifier: MIT
#include "cogen/topics.hpp"

#include <boost/core/demangle.hpp>

#include <optional>
#include <stdexcept>

namespace cogen {

/// Keeps an entry while it is gone through.
class Topics::InUse {
public:
    explicit InUse(Entry& entry) : entry_(entry), before_(std::exchange(entry.in_use, true)) {}
    ~InUse() { entry_.in_use = before_; }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

private:
    Entry& entry_;
    bool before_;
};

Coroutine* SignalSend::start(Scheduler& scheduler)
{
    begin(scheduler);
    topics_ = &scheduler.service<Topics>();
    if (!topics_->may_give(*this)) {
        topics_->block(*this);
        return nullptr;
    }
    priority_.apply(scheduler, [&] { topics_->give(*this); });
    if (priority_.yielder_at_once())
        return complete_now();
    complete();
    return nullptr;
}

void SignalSend::begin(Scheduler& scheduler)
{
    scheduler_ = &scheduler;
    woken_ = 0;
    failure_ = nullptr;
}

std::size_t SignalSend::send(Scheduler& scheduler)
{
    begin(scheduler);
    Topics& topics = scheduler.service<Topics>();
    priority_.apply(scheduler, [&] { topics.give(*this); });
    return woken_;
}

Record* SignalSend::cancel(error_code why)
{
    topics_->unblock(*this);
    complete(why);
    return nullptr;
}

Coroutine* SignalWait::start(Scheduler& scheduler)
{
    topics_ = &scheduler.service<Topics>();
    topics_->add(*this);
    return nullptr;
}

Record* SignalWait::cancel(error_code why)
{
    topics_->remove(*this);
    complete(why);
    return nullptr;
}

void Topics::add(SignalWait& wait)
{
    Entry& entry = find_or_make(wait);
    entry.waiting.push_back(wait);
    ++entry.count;
    give_blocked(entry);
    drop_if_unused(wait.topic(), entry);
}

void Topics::remove(SignalWait& wait)
{
    Entry& entry = *find(wait);
    wait.unlink();
    --entry.count;
    drop_if_unused(wait.topic(), entry);
}

void Topics::give(SignalSend& send)
{
    if (Entry* const entry = find(send)) {
        wake_all(*entry, send);
        drop_if_unused(send.topic(), *entry);
    }
}

bool Topics::may_give(const SignalSend& send)
{
    if (send.wanted_ == 0)
        return true;
    const Entry* const entry = find(send);
    return entry && entry->count >= send.wanted_ && entry->blocked.empty();
}

void Topics::block(SignalSend& send) { find_or_make(send).blocked.push_back(send); }

void Topics::unblock(SignalSend& send)
{
    Entry& entry = *find(send);
    send.unlink();
    give_blocked(entry);  // it may have stood in the way of the next
    drop_if_unused(send.topic(), entry);
}

/// Each in its turn, while there are recipients enough for the first. One that has waited cannot go
/// on at once; the nearest to it is to go ahead of all.
void Topics::give_blocked(Entry& entry)
{
    while (!entry.blocked.empty() && entry.count >= entry.blocked.front().wanted_) {
        SignalSend& send = entry.blocked.front();
        try {
            send.priority_.apply(*send.scheduler_, [&] { wake_all(entry, send); });
        } catch (...) {  // its value could not be copied: its own affair, and of nobody else here
            send.failure_ = std::current_exception();
        }
        send.unlink();
        const Priority own(send.priority_.yielder_at_once(), false);
        own.apply(*send.scheduler_, [&] { send.complete(); });
    }
}

void Topics::wake_all(Entry& entry, SignalSend& send)
{
    const InUse in_use(entry);  // who is woken may have others give up
    while (!entry.waiting.empty()) {
        SignalWait& wait = entry.waiting.front();
        send.deliver(wait);
        wait.unlink();
        --entry.count;
        ++send.woken_;
        wait.complete();
    }
}

/// Null where nobody is in the topic.
Topics::Entry* Topics::find(const TopicOperation& operation)
{
    const auto found = entries_.find(operation.topic());
    if (found == entries_.end())
        return nullptr;
    Entry& entry = found->second;
    if (*entry.type != operation.type())
        throw std::logic_error(operation.describe() + ": its values are of type "
                               + boost::core::demangle(operation.type().name())
                               + ", and those of who is there already of type "
                               + boost::core::demangle(entry.type->name()));
    return &entry;
}

Topics::Entry& Topics::find_or_make(const TopicOperation& operation)
{
    if (Entry* const entry = find(operation))
        return *entry;
    Entry* made = nullptr;
    if (spare_.empty()) {
        spare_.reserve(entries_.size() + 1);  // so that to drop one cannot fail
        made = &entries_[operation.topic()];
    } else {
        spare_.back().key() = operation.topic();
        made = &entries_.insert(std::move(spare_.back())).position->second;
        spare_.pop_back();
    }
    made->type = &operation.type();
    return *made;
}

void Topics::drop_if_unused(const std::string& name, Entry& entry)
{
    if (entry.waiting.empty() && entry.blocked.empty() && !entry.in_use)
        spare_.push_back(entries_.extract(entries_.find(name)));
}

}
