#pragma once

#include "tests/kqueue_model/source.hpp"

#include <compare>
#include <list>
#include <map>
#include <set>
#include <span>

#include <sys/types.h>

namespace kqueue_model {

/// A kqueue as the BSDs have it, on Linux: a list of what is watched, and a queue of those on the
/// list for which there is something to report. Everything is called under the Lock.
///
/// What is queued is asked anew when it is to be reported, and queued again where it is still so;
/// but what is reported once only (EV_ONESHOT) is taken off the list unasked, and may be stale.
class Kqueue {
public:
    explicit Kqueue(const Quirks& quirks);
    ~Kqueue();
    Kqueue(const Kqueue&) = delete;
    Kqueue& operator=(const Kqueue&) = delete;

    /// A descriptor that is readable when deliver() may have something.
    int number() const { return all_; }

    /// Makes a change to the list. Answers as errno does.
    int change(const Event& change);

    /// How a change is reported that has failed, or asked for a receipt.
    Event receipt(const Event& change, int error) const;

    /// Takes in what has happened, and hands out what there is room for. Answers with how many.
    std::size_t deliver(std::span<Event> room);

    /// The descriptor is being closed.
    void forget(int number);

    /// Has number() become readable for whoever waits on it already.
    void wake() const;

private:
    struct Key {
        Filter filter;
        std::uintptr_t ident;
        auto operator<=>(const Key&) const = default;
    };

    /// Which file a number stands for.
    struct File {
        dev_t device = 0;
        ino_t inode = 0;
        bool operator==(const File&) const = default;
    };

    /// What is watched: an entry of the list.
    struct Knote {
        Event wanted;  // as it was listed or last changed
        Event report;
        std::unique_ptr<Source> source;
        File file = {};
        bool enabled = true;
        bool active = false;  // there is something to report
        bool queued = false;
    };

    using Knotes = std::map<Key, Knote>;

    static bool is_of_descriptor(Filter filter);
    static File file_of(int number);
    int add(const Event& change);
    void modify(Knote& knote, const Event& change);
    void enable(Knote& knote, const Event& change);
    bool holds(Knote& knote);
    void activate(Knote& knote);
    void drop(Knotes::iterator knote);
    void notice_all();
    void notice_edges(int set, Filter filter);
    void report_wrongly();
    bool deliver_one(Event& room);

    const Quirks& quirks_;
    int all_;      // the epoll set on which one waits, which has all that follow in it
    int readers_;  // edge-triggered: a report of the one direction is none of the other
    int writers_;
    int wake_;
    Knotes knotes_;
    std::list<Knote*> queue_;
    std::set<Knote*> noticing_;  // those whose sources have descriptors of their own
};

}
