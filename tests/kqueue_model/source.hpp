#pragma once

#include "tests/kqueue_model/event.hpp"

#include <memory>

namespace kqueue_model {

/// What a filter looks at, told by means of Linux.
class Source {
public:
    virtual ~Source() = default;

    /// How things stand: whether there is something to report. Says in `report` what: data, fflags,
    /// and EV_EOF among its flags.
    virtual bool holds(Event& report) = 0;

    /// What has been reported is over, as EV_CLEAR has it.
    virtual void clear() {}

    /// The descriptor that is readable when there is something to notice(); -1: none, since it is
    /// told otherwise.
    virtual int descriptor() const { return -1; }

    /// Takes in what has happened. Answers whether anything has.
    virtual bool notice(const Event& /*wanted*/) { return false; }

    /// Of a change to what is listed already, as EVFILT_USER is triggered.
    virtual void change(const Event&) {}
};

/// Where a source is made, and what it needs to be one.
struct Place {
    int readers;  // epoll sets, edge-triggered: who wants to hear of input ...
    int writers;  // ... and of room
    const Quirks& quirks;
};

/// For a change that lists something new. Answers with none where it fails, and then `error` says
/// why, as errno does.
std::unique_ptr<Source> make_source(const Event& change, const Place& place, int& error);

// One for each filter, for make_source().
std::unique_ptr<Source> make_descriptor_source(const Event& change, const Place& place, int& error);
std::unique_ptr<Source> make_vnode_source(const Event& change, const Place& place, int& error);
std::unique_ptr<Source> make_process_source(const Event& change, const Place& place, int& error);
std::unique_ptr<Source> make_signal_source(const Event& change, const Place& place, int& error);
std::unique_ptr<Source> make_user_source();

/// close(2) itself: the model has one of its own in front of it.
int close_quietly(int number);

}
