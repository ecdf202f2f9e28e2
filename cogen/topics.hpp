// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/list.hpp"
#include "cogen/operation.hpp"
#include "cogen/priority.hpp"
#include "cogen/scheduler.hpp"
#include "cogen/topic.hpp"

#include <exception>
#include <string>
#include <typeinfo>
#include <unordered_map>
#include <vector>

namespace cogen {

class Topics;

/// Part of an operation: that it is about a topic, whose values are of one type.
class TopicOperation : public Operation, public Hook<> {
public:
    const std::string& topic() const { return name_.get(); }
    const std::type_info& type() const { return *type_; }

protected:
    TopicOperation(TopicName name, const std::type_info& type)
        : name_(std::move(name)), type_(&type)
    {}
    ~TopicOperation() = default;

private:
    TopicName name_;
    const std::type_info* type_;
};

/// An operation that waits for a signal.
class SignalWait : public TopicOperation {
public:
    Record* cancel(error_code why) override;

protected:
    using TopicOperation::TopicOperation;
    ~SignalWait() = default;

    Coroutine* start(Scheduler& scheduler) override;

private:
    Topics* topics_ = nullptr;
};

/// An operation that gives whoever waits a signal, and may itself wait until they are enough.
class SignalSend : public TopicOperation {
public:
    Record* cancel(error_code why) override;

    /// Who goes first: see Priority.
    void set_priority(Priority priority) { priority_ = priority; }

    /// Without a coroutine: wakes those who wait now, and answers with their number.
    std::size_t send(Scheduler& scheduler);

protected:
    using TopicOperation::TopicOperation;
    ~SignalSend() = default;

    Coroutine* start(Scheduler& scheduler) override;

    /// At least so many are to be there before anybody is woken.
    void wait_for(std::size_t recipients) { wanted_ = recipients; }
    std::size_t wanted() const { return wanted_; }

    /// How many have got the value. Throws what came of copying it, if that failed while we waited.
    std::size_t woken() const
    {
        if (failure_)
            std::rethrow_exception(failure_);
        return woken_;
    }

private:
    friend class Topics;

    void begin(Scheduler& scheduler);

    /// Hands over the value. `wait` is one for values of our type.
    virtual void deliver(SignalWait& wait) const = 0;

    Scheduler* scheduler_ = nullptr;
    Topics* topics_ = nullptr;
    Priority priority_ = priority::last;
    std::size_t wanted_ = 0;
    std::size_t woken_ = 0;
    std::exception_ptr failure_;
};

/// Who waits in a scheduler for which signal, and who waits to give one. A topic is kept here only
/// while somebody waits in it.
class Topics final : public Service {
public:
    /// Puts `wait` behind those who wait for the same; then gives the signals for which they are
    /// enough. Throws a logic_error where others use the topic for values of another type.
    void add(SignalWait& wait);

    /// It waits no longer, and gets nothing.
    void remove(SignalWait& wait);

    /// Wakes all who wait for it, in their order.
    void give(SignalSend& send);

    /// Whether it need not wait for recipients, nor behind others that do.
    bool may_give(const SignalSend& send);

    /// Puts `send` behind those that wait for recipients, until they are enough.
    void block(SignalSend& send);

    /// It waits no longer; those behind it may now be served.
    void unblock(SignalSend& send);

private:
    struct Entry {
        const std::type_info* type = nullptr;
        List<SignalWait> waiting;
        std::size_t count = 0;  // of these
        List<SignalSend> blocked;
        bool in_use = false;  // by a loop, which must not find it gone
    };
    using Entries = std::unordered_map<std::string, Entry>;

    class InUse;

    Entry* find(const TopicOperation& operation);
    Entry& find_or_make(const TopicOperation& operation);
    void drop_if_unused(const std::string& name, Entry& entry);
    static void wake_all(Entry& entry, SignalSend& send);
    void give_blocked(Entry& entry);

    Entries entries_;
    std::vector<Entries::node_type> spare_;  // so that nothing is allocated once warm
};

}
