#include "tests/kqueue_model/flavours.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <set>
#include <type_traits>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <sys/event.h>
#include <unistd.h>

// Asks a kqueue what it does: the questions that a real kernel was asked, too (verdicts.cpp, where
// the words for the behaviours are the key). This file is compiled once for each system.

namespace {

using kqueue_model::Verdict;
using Kevent = struct kevent;
using Kevents = std::vector<Kevent>;

template <class Udata>
Udata udata_of(int number)
{
    if constexpr (std::is_pointer_v<Udata>)
        return reinterpret_cast<Udata>(static_cast<std::uintptr_t>(number));
    else
        return static_cast<Udata>(number);
}

Kevent change(int ident, long filter, unsigned flags, unsigned fflags = 0, int udata = 0)
{
    Kevent event{};
    event.ident = static_cast<std::uintptr_t>(ident);
    event.filter = static_cast<decltype(event.filter)>(filter);
    event.flags = static_cast<decltype(event.flags)>(flags);
    event.fflags = fflags;
    event.udata = udata_of<decltype(event.udata)>(udata);
    return event;
}

bool carries(const Kevent& event, int udata)
{
    return event.udata == udata_of<std::remove_const_t<decltype(event.udata)>>(udata);
}

bool is(const Kevent& event, long filter) { return static_cast<long>(event.filter) == filter; }

bool has(const Kevent& event, unsigned flags) { return (event.flags & flags) == flags; }

std::string words_of(const Kevents& events)
{
    std::string words;
    for (const Kevent& event : events)
        words += "{filter " + std::to_string(static_cast<long>(event.filter)) + ", flags "
                 + std::to_string(static_cast<unsigned>(event.flags)) + ", fflags "
                 + std::to_string(static_cast<unsigned>(event.fflags)) + ", data "
                 + std::to_string(static_cast<long long>(event.data)) + '}';
    return words.empty() ? "nothing" : words;
}

/// A descriptor that is closed at the end, or before.
class File {
public:
    explicit File(int number) : number_(number) {}
    ~File() { close(); }
    File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    File& operator=(File&&) = delete;
    int number() const { return number_; }
    void close()
    {
        if (number_ >= 0)
            ::close(std::exchange(number_, -1));
    }

private:
    int number_;
};

class Queue {
public:
    /// Answers as errno does.
    int apply(const Kevent& change) const
    {
        return ::kevent(file_.number(), &change, 1, nullptr, 0, nullptr) < 0 ? errno : 0;
    }

    /// What comes within a second, at once, or along with changes.
    Kevents wait(int room = 64) const { return ask({}, {1, 0}, room); }
    Kevents look(int room = 64) const { return ask({}, {0, 0}, room); }
    Kevents ask(const Kevents& changes, timespec timeout = {0, 0}, int room = 64) const
    {
        Kevents events(static_cast<std::size_t>(room));
        const int count = exchange(&::kevent, changes, events, timeout);
        events.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
        return events;
    }

private:
    template <class Count>
    int exchange(int (*call)(int, const Kevent*, Count, Kevent*, Count, const timespec*),
                 const Kevents& changes, Kevents& events, const timespec& timeout) const
    {
        return call(file_.number(), changes.data(), static_cast<Count>(changes.size()),
                    events.data(), static_cast<Count>(events.size()), &timeout);
    }

    File file_{::kqueue()};
};

struct Pair {
    File here;
    File there;
};

void do_not_block(const File& file) { ::fcntl(file.number(), F_SETFL, O_NONBLOCK); }

sockaddr_in address_of(const File& listener)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &size);
    return address;
}

File listening()
{
    File listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listener.number(), 8);
    return listener;
}

int connect_to(const sockaddr_in& address, const File& socket)
{
    const auto* const any = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(socket.number(), any, sizeof address) < 0 ? errno : 0;
}

Pair connection()
{
    const File listener = listening();
    File there(::socket(AF_INET, SOCK_STREAM, 0));
    connect_to(address_of(listener), there);
    File here(::accept(listener.number(), nullptr, nullptr));
    do_not_block(here);
    do_not_block(there);
    return {std::move(here), std::move(there)};
}

void put(const File& file, std::string_view text)
{
    static_cast<void>(!::write(file.number(), text.data(), text.size()));
}

std::size_t take(const File& file, std::size_t size)
{
    std::vector<char> buffer(size);
    const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

void drain(const File& file)
{
    while (take(file, 65536) > 0) {}
}

bool fill(const File& file)
{
    const std::string much(65536, 'x');
    while (::write(file.number(), much.data(), much.size()) > 0) {}
    return errno == EAGAIN;
}

/// Collects the verdicts.
class Probe {
public:
    void say(std::string behaviour, bool as_expected, std::string observed = {})
    {
        verdicts_.push_back({std::move(behaviour), as_expected, std::move(observed)});
    }
    void say(std::string behaviour, bool as_expected, const Kevents& observed)
    {
        say(std::move(behaviour), as_expected, words_of(observed));
    }
    void say_quiet(std::string behaviour, const Kevents& observed)
    {
        say(std::move(behaviour), observed.empty(), observed);
    }

    std::vector<Verdict> verdicts() const { return verdicts_; }

    void levels();
    void ends();
    void reset();
    void edges();
    void one_report();
    void dispatch();
    void receipts();
    void errors();
    void closed();
    void changed_again();
    void listener();
    void pipes();
    void many();
    void files();
    void folders();
    void user();
    void signals();
    void processes();

private:
    std::vector<Verdict> verdicts_;
};

void Probe::levels()
{
    const Queue queue;
    const Pair pair = connection();
    const int here = pair.here.number();
    say("EV_ADD read", queue.apply(change(here, EVFILT_READ, EV_ADD, 0, 7)) == 0);
    say_quiet("read: nothing yet", queue.look());
    put(pair.there, "hello");
    Kevents events = queue.wait();
    say("read: one event, data=5, udata kept",
        events.size() == 1 && events[0].data == 5 && carries(events[0], 7)
            && is(events[0], EVFILT_READ),
        events);
    events = queue.wait();
    say("read level-triggered: again", events.size() == 1, events);
    take(pair.here, 2);
    events = queue.wait();
    say("read data=3 after partial read", events.size() == 1 && events[0].data == 3, events);
    drain(pair.here);
    say_quiet("read: quiet after drain", queue.look());
}

void Probe::ends()
{
    const Queue queue;
    const Pair pair = connection();
    queue.apply(change(pair.here.number(), EVFILT_READ, EV_ADD));
    ::shutdown(pair.there.number(), SHUT_WR);
    Kevents events = queue.wait();
    say("half close: EV_EOF on read, data 0, fflags 0",
        events.size() == 1 && has(events[0], EV_EOF) && events[0].data == 0
            && events[0].fflags == 0,
        events);
    const Queue other;
    other.apply(change(pair.there.number(), EVFILT_READ, EV_ADD));
    put(pair.here, "xyz");
    other.wait();
    say("half close: other direction still works", take(pair.there, 16) == 3);

    const Queue late;
    const Pair full = connection();
    put(full.there, "abc");
    ::shutdown(full.there.number(), SHUT_WR);
    for (int tries = 0; tries < 100; ++tries) {  // until both have come
        events = late.ask({change(full.here.number(), EVFILT_READ, EV_ADD | EV_ONESHOT)}, {1, 0});
        if (events.empty() || has(events[0], EV_EOF))
            break;
    }
    say("EOF with pending data: one event has both data=3 and EV_EOF",
        events.size() == 1 && has(events[0], EV_EOF) && events[0].data == 3, events);
}

void Probe::reset()
{
    const Queue queue;
    Pair pair = connection();
    queue.apply(change(pair.here.number(), EVFILT_READ, EV_ADD));
    queue.apply(change(pair.here.number(), EVFILT_WRITE, EV_ADD));
    Kevents events = queue.wait();
    say("write ready at once, only write",
        events.size() == 1 && is(events[0], EVFILT_WRITE) && events[0].data > 0, events);

    const linger at_once{1, 0};
    ::setsockopt(pair.there.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    pair.there.close();
    bool read = false, write = false, named = false;
    for (int tries = 0; tries < 100 && !(read && write); ++tries) {
        events = queue.wait();
        for (const Kevent& event : events) {
            read |= is(event, EVFILT_READ) && has(event, EV_EOF);
            write |= is(event, EVFILT_WRITE) && has(event, EV_EOF);
            named |= is(event, EVFILT_READ) && event.fflags == ECONNRESET;
        }
    }
    say("RST: EV_EOF on both filters", read && write, events);
    say("RST: read fflags=ECONNRESET", named, events);
}

void Probe::edges()
{
    const Queue queue;
    int ends[2];
    ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    const Pair pair{File(ends[0]), File(ends[1])};
    do_not_block(pair.here);
    do_not_block(pair.there);
    queue.apply(change(pair.here.number(), EVFILT_WRITE, EV_ADD | EV_CLEAR));
    say("EV_CLEAR write: first", queue.wait().size() == 1);
    say_quiet("EV_CLEAR write: not again", queue.look());
    say("EV_CLEAR write: full buffer, EAGAIN", fill(pair.here));
    queue.look();
    drain(pair.there);
    const Kevents events = queue.wait();
    say("EV_CLEAR write: edge after the peer drains", events.size() == 1, events);
}

void Probe::one_report()
{
    const Queue queue;
    const Pair pair = connection();
    const int here = pair.here.number();
    queue.apply(change(here, EVFILT_READ, EV_ADD | EV_ONESHOT));
    put(pair.there, "x");
    const Kevents events = queue.wait();
    say("EV_ONESHOT fires", events.size() == 1 && has(events[0], EV_ONESHOT), events);
    say_quiet("EV_ONESHOT gone", queue.look());
    say("EV_DELETE after oneshot: ENOENT",
        queue.apply(change(here, EVFILT_READ, EV_DELETE)) == ENOENT);
    say("EV_ENABLE of unknown: ENOENT",
        queue.apply(change(here, EVFILT_READ, EV_ENABLE)) == ENOENT);
}

void Probe::dispatch()
{
    const Queue queue;
    const Pair pair = connection();
    const int here = pair.here.number();
    queue.apply(change(here, EVFILT_READ, EV_ADD | EV_DISPATCH));
    put(pair.there, "x");
    say("EV_DISPATCH fires", queue.wait().size() == 1);
    say_quiet("EV_DISPATCH then disabled", queue.look());
    queue.apply(change(here, EVFILT_READ, EV_ENABLE | EV_DISPATCH));
    say("EV_ENABLE re-arms dispatch", queue.look().size() == 1);
    queue.apply(change(here, EVFILT_READ, EV_ADD | EV_DISPATCH));
    say("EV_ADD re-arms dispatch too", queue.look().size() == 1);
}

void Probe::receipts()
{
    const Queue queue;
    const Pair pair = connection();
    const int here = pair.here.number();
    put(pair.there, "x");
    const Kevents receipts = queue.ask({change(here, EVFILT_READ, EV_ADD | EV_RECEIPT),
                                        change(9999, EVFILT_READ, EV_ADD | EV_RECEIPT),
                                        change(here, EVFILT_WRITE, EV_DELETE | EV_RECEIPT)});
    say("EV_RECEIPT: 3 receipts, 0/EBADF/ENOENT, in order, no events mixed",
        receipts.size() == 3 && has(receipts[0], EV_ERROR) && receipts[0].data == 0
            && receipts[1].data == EBADF && receipts[2].data == ENOENT,
        receipts);
    const Kevents events = queue.wait();
    say("EV_RECEIPT: event follows in next call",
        events.size() == 1 && is(events[0], EVFILT_READ) && !has(events[0], EV_ERROR), events);
}

void Probe::errors()
{
    const Queue queue;
    const Pair pair = connection();
    put(pair.there, "x");
    const Kevent bad = change(9999, EVFILT_READ, EV_ADD, 0, 7);
    Kevents events = queue.ask({bad, change(pair.here.number(), EVFILT_READ, EV_ADD)});
    say("changelist error goes to eventlist as EV_ERROR, rest applied",
        !events.empty() && has(events[0], EV_ERROR) && events[0].data == EBADF
            && carries(events[0], 7),
        events);
    events = queue.wait();
    say("..the good change was applied",
        events.size() == 1 && events[0].ident == static_cast<std::uintptr_t>(pair.here.number()),
        events);
    say("no room for error: -1/EBADF", queue.apply(bad) == EBADF);
}

void Probe::closed()
{
    const Queue queue;
    Pair pair = connection();
    const int number = pair.here.number();
    queue.apply(change(number, EVFILT_READ, EV_ADD));
    put(pair.there, "x");
    queue.wait();
    pair.here.close();
    say_quiet("close(fd) removes its knotes: no stale event", queue.look());
    const Pair next = connection();  // with the number, in one end or the other
    say_quiet("fd number reused: no stale event", queue.look());
    say("EV_DELETE on reused fd: ENOENT",
        queue.apply(change(number, EVFILT_READ, EV_DELETE)) == ENOENT
            || ::fcntl(number, F_GETFD) < 0);

    Pair lives = connection();
    const File copy(::dup(lives.here.number()));
    queue.apply(change(lives.here.number(), EVFILT_READ, EV_ADD));
    lives.here.close();
    put(lives.there, "x");
    say_quiet("dup'ed: close of the registered number removes knote", queue.look());
}

void Probe::changed_again()
{
    const Queue queue;
    const Pair pair = connection();
    const int here = pair.here.number();
    queue.apply(change(here, EVFILT_READ, EV_ADD, 0, 7));
    queue.apply(change(here, EVFILT_READ, EV_ADD, 0, 8));
    put(pair.there, "x");
    Kevents events = queue.wait();
    say("re-EV_ADD replaces udata, one knote", events.size() == 1 && carries(events[0], 8), events);
    queue.apply(change(here, EVFILT_READ, EV_DISABLE, 0, 8));
    say_quiet("EV_DISABLE silences", queue.look());
    queue.apply(change(here, EVFILT_READ, EV_ENABLE, 0, 8));
    events = queue.wait();
    say("EV_ENABLE brings it back", events.size() == 1, events);
    say("EV_DISABLE leaves udata?", events.size() == 1 && carries(events[0], 8), events);
}

void Probe::listener()
{
    const Queue queue;
    File listener = listening();
    const sockaddr_in address = address_of(listener);
    const File one(::socket(AF_INET, SOCK_STREAM, 0)), other(::socket(AF_INET, SOCK_STREAM, 0));
    connect_to(address, one);
    connect_to(address, other);
    Kevents events = queue.ask({change(listener.number(), EVFILT_READ, EV_ADD)}, {1, 0});
    say("listener: data = backlog length 2", events.size() == 1 && events[0].data == 2, events);

    listener.close();
    const File refused(::socket(AF_INET, SOCK_STREAM, 0));
    do_not_block(refused);
    const int at_once = connect_to(address, refused);
    events = queue.ask({change(refused.number(), EVFILT_WRITE, EV_ADD | EV_ONESHOT)}, {1, 0});
    int later = 0;
    socklen_t size = sizeof later;
    ::getsockopt(refused.number(), SOL_SOCKET, SO_ERROR, &later, &size);
    const bool told = events.size() == 1 && has(events[0], EV_EOF) && later == ECONNREFUSED;
    say("refused async connect: write event, EV_EOF, fflags or SO_ERROR=ECONNREFUSED",
        at_once == ECONNREFUSED || told, events);
}

void Probe::pipes()
{
    const Queue queue;
    int ends[2];
    ::pipe(ends);
    Pair pipe{File(ends[0]), File(ends[1])};
    queue.apply(change(ends[0], EVFILT_READ, EV_ADD));
    queue.apply(change(ends[1], EVFILT_WRITE, EV_ADD));
    put(pipe.there, "abcd");
    Kevents events = queue.wait();
    bool read = false;
    for (const Kevent& event : events)
        read |= is(event, EVFILT_READ) && event.data == 4;
    say("pipe: read data=4 and write ready", read && events.size() == 2, events);
    pipe.here.close();
    events = queue.wait();
    say("pipe: reader closed -> EVFILT_WRITE EV_EOF",
        events.size() == 1 && is(events[0], EVFILT_WRITE) && has(events[0], EV_EOF), events);
}

void Probe::many()
{
    const Queue queue;
    std::vector<Pair> pairs;
    for (int i = 0; i < 20; ++i) {
        pairs.push_back(connection());
        queue.apply(change(pairs.back().here.number(), EVFILT_READ, EV_ADD));
        put(pairs.back().there, "x");
    }
    std::set<std::uintptr_t> seen;
    int rounds = 0;
    while (rounds < 40 && seen.size() < pairs.size()) {
        ++rounds;
        for (const Kevent& event : queue.look(4))
            seen.insert(event.ident);
    }
    say("20 ready, eventlist of 4, level: round robin (no starvation)", seen.size() == 20,
        std::to_string(rounds) + " rounds");
}

/// A name that nobody else uses.
std::string name_of(const char* what)
{
    return "/tmp/cogen-probe-" + std::to_string(::getpid()) + '-' + what;
}

bool tells(const Kevents& events, unsigned notes)
{
    return !events.empty() && (events[0].fflags & notes) == notes;
}

void Probe::files()
{
    const Queue queue;
    const std::string name = name_of("file"), other = name_of("moved");
    const File file(::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600));
    queue.apply(change(file.number(), EVFILT_VNODE, EV_ADD | EV_CLEAR,
                       NOTE_WRITE | NOTE_EXTEND | NOTE_DELETE | NOTE_RENAME | NOTE_LINK));
    const File writer(::open(name.c_str(), O_WRONLY | O_APPEND));
    put(writer, "hello");
    Kevents events = queue.wait();
    say("vnode: WRITE/EXTEND", tells(events, NOTE_WRITE | NOTE_EXTEND), events);
    ::rename(name.c_str(), other.c_str());
    events = queue.wait();
    say("vnode: RENAME", tells(events, NOTE_RENAME), events);
    ::unlink(other.c_str());
    events = queue.wait();
    say("vnode: DELETE", tells(events, NOTE_DELETE), events);
}

void Probe::folders()
{
    const Queue queue;
    const std::string name = name_of("folder"), entry = name + "/entry";
    ::mkdir(name.c_str(), 0700);
    const File folder(::open(name.c_str(), O_RDONLY));
    queue.apply(change(folder.number(), EVFILT_VNODE, EV_ADD | EV_CLEAR, NOTE_WRITE));
    const File file(::open(entry.c_str(), O_RDWR | O_CREAT, 0600));
    const Kevents events = queue.wait();
    say("vnode on directory: NOTE_WRITE when an entry is added", tells(events, NOTE_WRITE), events);
    ::unlink(entry.c_str());
    ::rmdir(name.c_str());
}

void Probe::user()
{
#ifdef EVFILT_USER
    const Queue queue;
    say("EVFILT_USER add", queue.apply(change(1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 7)) == 0);
    say_quiet("user quiet", queue.look());
    queue.apply(change(1, EVFILT_USER, 0, NOTE_TRIGGER, 7));
    queue.apply(change(1, EVFILT_USER, 0, NOTE_TRIGGER, 7));
    Kevents events = queue.wait();
    say("user trigger x2 coalesce to 1", events.size() == 1 && carries(events[0], 7), events);
    say_quiet("user EV_CLEAR: quiet", queue.look());
    queue.apply(change(1, EVFILT_USER, 0, NOTE_FFCOPY | NOTE_TRIGGER | 5));
    events = queue.wait();
    say("user fflags copied", events.size() == 1 && (events[0].fflags & NOTE_FFLAGSMASK) == 5,
        events);
#endif
}

void Probe::signals()
{
    const Queue queue;
    const auto before = std::signal(SIGUSR2, SIG_IGN);
    queue.apply(change(SIGUSR2, EVFILT_SIGNAL, EV_ADD));
    ::kill(::getpid(), SIGUSR2);
    ::kill(::getpid(), SIGUSR2);
    const Kevents events = queue.wait();
    say("signal: event although SIG_IGN", events.size() == 1, events);
    say("signal: two are counted", events.size() == 1 && events[0].data == 2, events);
    std::signal(SIGUSR2, before);
}

void Probe::processes()
{
    const Queue queue;
    int ends[2];
    ::pipe(ends);
    Pair gate{File(ends[0]), File(ends[1])};
    const pid_t child = ::fork();
    if (child == 0) {
        gate.there.close();
        take(gate.here, 1);  // until it is let go
        ::_exit(7);
    }
    const int error = queue.apply(change(child, EVFILT_PROC, EV_ADD, NOTE_EXIT, 7));
    gate.there.close();
    Kevents events = queue.wait();
    say("proc: NOTE_EXIT, data=wait status 7<<8",
        error == 0 && tells(events, NOTE_EXIT) && events[0].data == 7 << 8, events);
    const int zombie = queue.apply(change(child, EVFILT_PROC, EV_ADD, NOTE_EXIT));
    events = queue.look();
    say("proc: zombie at EV_ADD: event", zombie == 0 && events.size() == 1,
        zombie == ESRCH ? "ESRCH" : words_of(events));
    say("proc: child still to be reaped", ::waitpid(child, nullptr, WNOHANG) == child);
    say("proc: reaped pid: ESRCH",
        queue.apply(change(child, EVFILT_PROC, EV_ADD, NOTE_EXIT)) == ESRCH);
}

}

namespace kqueue_model {

std::vector<Verdict> probe()
{
    Probe probe;
    for (const auto part :
         {&Probe::levels, &Probe::ends, &Probe::reset, &Probe::edges, &Probe::one_report,
          &Probe::dispatch, &Probe::receipts, &Probe::errors, &Probe::closed, &Probe::changed_again,
          &Probe::listener, &Probe::pipes, &Probe::many, &Probe::files, &Probe::folders,
          &Probe::user, &Probe::signals, &Probe::processes})
        (probe.*part)();
    return probe.verdicts();
}

}
