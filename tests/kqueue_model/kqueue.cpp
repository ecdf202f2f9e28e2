#include "tests/kqueue_model/kqueue.hpp"

#include "tests/kqueue_model/faults.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kqueue_model {
namespace {

constexpr unsigned kept_flags = EV_ADD | EV_ONESHOT | EV_CLEAR | EV_RECEIPT | EV_DISPATCH;

void watch(int set, int number)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = number;
    ::epoll_ctl(set, EPOLL_CTL_ADD, number, &event);
}

/// Tells the error of a socket, which then has it no longer.
void take_error(Event& report)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(static_cast<int>(report.ident), SOL_SOCKET, SO_ERROR, &error, &size) == 0)
        report.fflags = static_cast<unsigned>(error);
}

}

Kqueue::Kqueue(const Quirks& quirks)
    : quirks_(quirks),
      all_(::epoll_create1(EPOLL_CLOEXEC)),
      readers_(::epoll_create1(EPOLL_CLOEXEC)),
      writers_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    for (const int number : {readers_, writers_, wake_})
        watch(all_, number);
}

/// The sets go first: those of a child of fork are its parent's as well, and what the sources take
/// out of them would be gone for both.
Kqueue::~Kqueue()
{
    for (const int number : {readers_, writers_, wake_})
        close_quietly(number);
    knotes_.clear();
}

void Kqueue::wake() const
{
    const std::uint64_t one = 1;
    static_cast<void>(!::write(wake_, &one, sizeof one));
}

bool Kqueue::is_of_descriptor(Filter filter)
{
    return filter == Filter::read || filter == Filter::write || filter == Filter::vnode;
}

Kqueue::File Kqueue::file_of(int number)
{
    struct stat status {};
    ::fstat(number, &status);
    return {status.st_dev, status.st_ino};
}

int Kqueue::change(const Event& change)
{
    const auto number = static_cast<int>(change.ident);
    if (is_of_descriptor(change.filter) && ::fcntl(number, F_GETFD) < 0)
        return EBADF;
    auto known = knotes_.find({change.filter, change.ident});
    // Not every close goes through the model: some are made within the C library.
    if (known != knotes_.end() && is_of_descriptor(change.filter)
        && known->second.file != file_of(number)) {
        drop(known);
        known = knotes_.end();
    }
    if (known == knotes_.end())
        return change.flags & EV_ADD ? add(change) : ENOENT;
    if (change.flags & EV_DELETE)
        drop(known);
    else
        modify(known->second, change);
    return 0;
}

int Kqueue::add(const Event& change)
{
    int error = 0;
    std::unique_ptr<Source> source = make_source(change, {readers_, writers_, quirks_}, error);
    if (!source)
        return error;
    Knote& knote = knotes_[{change.filter, change.ident}];
    knote.wanted = change;
    knote.wanted.flags &= kept_flags;
    if (change.filter == Filter::process)
        knote.wanted.flags |= EV_ONESHOT;
    if (change.filter == Filter::signal)
        knote.wanted.flags |= EV_CLEAR;
    knote.source = std::move(source);
    knote.source->change(change);
    if (is_of_descriptor(change.filter))
        knote.file = file_of(static_cast<int>(change.ident));
    knote.enabled = (change.flags & EV_DISABLE) == 0;
    if (knote.source->descriptor() >= 0) {
        watch(all_, knote.source->descriptor());
        noticing_.insert(&knote);
    }
    if (holds(knote))
        activate(knote);
    return 0;
}

/// Each change but a deletion gives it another udata, whatever else it is about.
void Kqueue::modify(Knote& knote, const Event& change)
{
    knote.wanted.udata = change.udata;
    if (change.flags & EV_ADD) {
        knote.wanted.flags = change.flags & kept_flags;
        knote.wanted.fflags = change.fflags;
    }
    knote.source->change(change);
    if (change.flags & EV_DISABLE) {
        knote.enabled = false;
        if (std::exchange(knote.queued, false))
            queue_.remove(&knote);
    } else {
        enable(knote, change);
    }
}

void Kqueue::enable(Knote& knote, const Event& change)
{
    const bool was_enabled = knote.enabled;
    knote.enabled |= (change.flags & (EV_ENABLE | EV_ADD)) != 0;
    const bool looks =
        was_enabled || change.flags & EV_ADD || quirks_.enabling_looks_again || knote.active;
    if (knote.enabled && looks && holds(knote))
        activate(knote);
}

bool Kqueue::holds(Knote& knote)
{
    knote.report = knote.wanted;
    knote.report.fflags = 0;
    knote.report.data = 0;
    return knote.source->holds(knote.report);
}

void Kqueue::activate(Knote& knote)
{
    knote.active = true;
    if (knote.enabled && !std::exchange(knote.queued, true))
        queue_.push_back(&knote);
}

void Kqueue::drop(Knotes::iterator known)
{
    Knote& knote = known->second;
    if (knote.queued)
        queue_.remove(&knote);
    noticing_.erase(&knote);
    knotes_.erase(known);
}

void Kqueue::forget(int number)
{
    for (const Filter filter : {Filter::read, Filter::write, Filter::vnode})
        if (const auto known = knotes_.find({filter, static_cast<std::uintptr_t>(number)});
            known != knotes_.end())
            drop(known);
}

Event Kqueue::receipt(const Event& change, int error) const
{
    Event receipt = change;
    receipt.flags = EV_ERROR | (quirks_.errors_keep_flags ? change.flags : 0);
    receipt.data = error;
    return receipt;
}

void Kqueue::notice_edges(int set, Filter filter)
{
    std::array<epoll_event, 64> events;
    int count = 0;
    do {
        count = ::epoll_wait(set, events.data(), static_cast<int>(events.size()), 0);
        for (int i = 0; i < count; ++i) {
            const auto ident =
                static_cast<std::uintptr_t>(events[static_cast<std::size_t>(i)].data.fd);
            const auto known = knotes_.find({filter, ident});
            if (known != knotes_.end() && holds(known->second))
                activate(known->second);
        }
    } while (count == static_cast<int>(events.size()));
}

void Kqueue::notice_all()
{
    notice_edges(readers_, Filter::read);
    notice_edges(writers_, Filter::write);
    std::uint64_t woken = 0;
    static_cast<void>(!::read(wake_, &woken, sizeof woken));
    for (Knote* knote : noticing_)
        if (knote->source->notice(knote->wanted) && holds(*knote))
            activate(*knote);
}

/// Of what waits for one report, some may be told what is not so.
void Kqueue::report_wrongly()
{
    if (knotes_.empty())
        return;
    auto chosen = std::next(knotes_.begin(),
                            static_cast<std::ptrdiff_t>(Faults::present()->pick(knotes_.size())));
    const bool is_usual =
        chosen->first.filter == Filter::read || chosen->first.filter == Filter::write;
    if (is_usual && chosen->second.wanted.flags & EV_ONESHOT) {
        holds(chosen->second);
        activate(chosen->second);
    }
}

std::size_t Kqueue::deliver(std::span<Event> room)
{
    notice_all();
    Faults* const faults = Faults::present();
    if (faults && faults->reports_wrongly())
        report_wrongly();
    if (faults && faults->reverses())
        queue_.reverse();
    if (faults && faults->reports_one() && !room.empty())
        room = room.first(1);

    std::size_t count = 0;
    for (std::size_t left = queue_.size(); left > 0 && count < room.size(); --left)
        count += deliver_one(room[count]);
    if (!queue_.empty())
        wake();
    return count;
}

/// Answers whether the first of the queue has still been worth a report.
bool Kqueue::deliver_one(Event& room)
{
    Knote& knote = *queue_.front();
    queue_.pop_front();
    knote.queued = false;
    if (knote.wanted.flags & EV_ONESHOT) {
        room = knote.report;
        Faults* const faults = Faults::present();
        if (faults && is_of_descriptor(room.filter) && room.flags & EV_EOF && faults->takes_error())
            take_error(room);
        drop(knotes_.find({knote.wanted.filter, knote.wanted.ident}));
        return true;
    }
    knote.active = false;
    if (!holds(knote))
        return false;
    room = knote.report;
    if (knote.wanted.flags & EV_CLEAR)
        knote.source->clear();
    if (knote.wanted.flags & EV_DISPATCH)
        knote.enabled = false;
    if ((knote.wanted.flags & (EV_CLEAR | EV_DISPATCH)) == 0)
        activate(knote);
    return true;
}

}
