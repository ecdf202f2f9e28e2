// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/blocks.hpp"
#include "cogen/clock.hpp"
#include "cogen/coroutine.hpp"
#include "cogen/forks.hpp"
#include "cogen/inbox.hpp"
#include "cogen/instruments.hpp"
#include "cogen/record.hpp"
#include "cogen/report.hpp"
#include "cogen/timers.hpp"
#include "reactors/reactor.hpp"

#include <atomic>
#include <functional>
#include <iosfwd>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace cogen {

/// What somebody keeps with each scheduler: `scheduler.service<T>()` is the one of type T, made
/// when it is first asked for. It ends with the scheduler, when no coroutine is left.
class Service {
public:
    virtual ~Service() = default;
};

/// A front end's service: coroutines to use again, for one.
class FrontEnd : public Service {
public:
    /// Coroutines are about to be resumed, on this thread.
    virtual void begin_turn() {}
};

/// Runs coroutines: starts what they yield, and resumes them when it is complete.
///
/// Everything happens on the thread that calls run(), one coroutine at a time. Ready coroutines run
/// in the order in which they became ready.
class Scheduler {
public:
    /// With the reactor of that name; none named: COGEN_REACTOR's, or the best one here. It traces
    /// itself where COGEN_TRACE asks for that: see tracer.hpp.
    explicit Scheduler(std::string_view reactor = {});
    explicit Scheduler(std::unique_ptr<Reactor> reactor);

    /// Cancels what still runs, and lets it clean up; on the thread that has run it, if any does.
    ~Scheduler();

    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// Makes `function` a coroutine with these arguments, which are copied or moved; it starts in
    /// the next run(), or in its turn in the present one. Answers with a Handle.
    // One overload for each number of arguments: a source location cannot follow a pack.
    template <class F>
    auto spawn(F function, Site site = Site::here());
    template <class F, class A>
    auto spawn(F function, A a, Site site = Site::here());
    template <class F, class A, class B>
    auto spawn(F function, A a, B b, Site site = Site::here());
    template <class F, class A, class B, class C>
    auto spawn(F function, A a, B b, C c, Site site = Site::here());
    template <class F, class A, class B, class C, class D>
    auto spawn(F function, A a, B b, C c, D d, Site site = Site::here());

    /// Returns when nothing is ready, sleeping, waiting on a descriptor or announced by Work, or
    /// after stop(). In the first case, whoever is then left is stuck: reported, and cancelled. It
    /// may be called again. In a child of fork(2) it refuses, by a std::logic_error: descriptors
    /// and reactor are its parent's too. A child makes a scheduler of its own; that of its parent
    /// does nothing there, and its coroutines are never unwound.
    Report run();

    /// The same for so long at most, for whoever has a loop of his own. Answers whether there is
    /// more to do, and after stop() that there is not; cancels nobody.
    template <class Rep, class Period>
    bool run_for(std::chrono::duration<Rep, Period> duration)
    {
        return run_until(after(now(), saturated(duration)));
    }

    /// The same until a point in time of our clock.
    bool run_until(TimePoint time);

    /// The same for one round of the loop, which does not wait.
    bool step();

    /// How long nothing will happen, unless something comes to a descriptor or from outside: so
    /// long may a foreign loop wait before the next step().
    Patience patience() const;

    /// Makes run() return after the present turn, or the next run() at once. Cancels nobody:
    /// another run() goes on. From any thread, and from signal handlers.
    void stop() noexcept;

    /// Has the scheduler's thread call `function` soon, at the beginning of a turn. From any
    /// thread; the call ends before the scheduler does. What `function` throws is a line on stderr.
    template <std::invocable F>
    void post(F function);

    /// The same without a lock or memory: from signal handlers, too. What has been posted already,
    /// and has not yet run, runs once.
    void post(Posted& posted) noexcept;

    /// Asks a coroutine to end: what it waits for is asked to end early, and from then on each of
    /// its yields throws Cancelled. One that has not begun never does; to one that has finished,
    /// nothing happens.
    template <class T>
    void cancel(const Handle<T>& handle)
    {
        cancel(record_of(handle));
    }
    void cancel(Record& record);

    /// Has a coroutine throw `exception`, once: where it waits, or at its next yield. Until it has,
    /// others that are raised in it are dropped; so is one that comes when it will not yield again.
    template <class T, class E>
    void raise(const Handle<T>& handle, E exception)
    {
        raise(record_of(handle), std::make_exception_ptr(std::move(exception)));
    }
    template <class T>
    void raise(const Handle<T>& handle, std::exception_ptr exception)
    {
        raise(record_of(handle), std::move(exception));
    }
    void raise(Record& record, std::exception_ptr exception);

    /// Is told of a coroutine that ended with an exception that nobody waits for. By default that
    /// is a line on stderr. It must not throw.
    using ExceptionHandler = std::function<void(const Record&, std::exception_ptr)>;

    /// Has `handler` told instead of the one before.
    void on_exception(ExceptionHandler handler) { exception_handler_ = std::move(handler); }

    /// Tells `instrument` from now on what happens, beside those that are told already. It lives
    /// until it is detached, or longer than the scheduler. Neither is for an instrument to call.
    void attach(Instrument& instrument);

    /// It is told nothing more. One that is not attached is no matter.
    void detach(Instrument& instrument) noexcept;

    /// How long reads, writes and connections may take that say nothing themselves, nor their
    /// socket. None: for ever, as it is at first.
    void default_timeout(Patience timeout) { default_timeout_ = timeout; }
    Patience default_timeout() const { return default_timeout_; }

    /// What all coroutines are doing, now.
    std::vector<Status> coroutines();

    /// The same as lines, and who waits for whom in a circle.
    void dump(std::ostream& out);

    /// The clock of this scheduler, read now.
    TimePoint now() { return reactor_->kernel().now(); }

    /// Rounds of the loop so far.
    std::uint64_t turn() const { return turn_; }

    // For operations and front ends.

    void begin_work() noexcept { ++work_; }
    void end_work() noexcept;

    Reactor& reactor() const { return *reactor_; }
    const std::shared_ptr<Reactor>& shared_reactor() const { return reactor_; }
    Timers& timers() { return timers_; }
    Coroutine* current() const { return current_; }
    Blocks& blocks() { return blocks_; }

    /// Something about `coroutine` has changed that may interrupt it: then what it waits for is
    /// asked to end.
    void interrupt(Coroutine& coroutine);

    /// Makes `coroutine`, which serves a record, one of ours, and ready.
    void add(Coroutine& coroutine, Site site);

    /// The same without a place in the queue: the caller hands it on to be run next.
    void introduce(Coroutine& coroutine, Site site);

    /// A record in the scheduler's memory; `arguments` are its constructor's.
    template <class R, class... Arguments>
    Handle<typename R::Result> make_record(Arguments&&... arguments);

    template <std::derived_from<Service> T>
    T& service();

    /// While it lives, whoever is woken or spawned comes ahead of all that are ready, in the order
    /// in which that happens, instead of after them. Nobody is resumed meanwhile.
    class Ahead {
    public:
        explicit Ahead(Scheduler& scheduler) : scheduler_(scheduler)
        {
            scheduler.place_ = scheduler.ready_.begin();
        }
        ~Ahead() { scheduler_.place_ = scheduler_.ready_.end(); }
        Ahead(const Ahead&) = delete;
        Ahead& operator=(const Ahead&) = delete;

    private:
        Scheduler& scheduler_;
    };

private:
    friend class Coroutine;

    class Running;

    template <class T>
    static Record& record_of(const Handle<T>& handle)
    {
        if (!handle)
            throw std::logic_error("Scheduler: the handle is empty");
        return handle.record();
    }

    bool is_a_copy() const noexcept { return forks() != forks_; }
    void check_process() const;
    void turn_once();
    void run_posted();
    void run_ready();
    void take_turn(Coroutine& coroutine, int& left);
    Coroutine* resume(Coroutine& coroutine);
    Coroutine* refuse(Coroutine& coroutine, Operation& operation);
    static void count_refusal(Coroutine& coroutine, const Operation& operation);
    Coroutine* could_not_start(Coroutine& coroutine, Operation& operation);
    Coroutine* ended(Coroutine& coroutine);
    void wait();
    TimePoint next_deadline() const;
    bool ask_reactor(Patience patience);
    void fire_timers();

    void tell(Instrument* instrument) noexcept;

    bool alive() const;
    void wake(Coroutine& coroutine, const Operation& operation);
    Record* end_early(Coroutine& coroutine, error_code why);
    void cancel_all();
    void cancel_stuck();
    void report_failure(const Record& record, bool awaited) noexcept;

    List<Coroutine, Ready> ready_;
    List<Coroutine, Ready>::Iterator place_ = ready_.end();  // in front of which the next is put
    List<Record, Alive> alive_;
    Timers timers_;
    std::shared_ptr<Reactor> reactor_;  // ours alone: sockets hold weak_ptrs to it
    std::vector<std::pair<const void*, std::unique_ptr<Service>>> services_;  // by kind_of<T>
    std::vector<FrontEnd*> front_ends_;                                       // those of them
    Blocks& blocks_;

    Coroutine* current_ = nullptr;
    Cause cause_;  // of what is woken now
    std::uint64_t turn_ = 0;
    CoroutineId last_id_ = 0;
    TimePoint now_;  // as last read, by wait()
    Inbox inbox_;
    std::atomic<std::size_t> work_{0};
    std::atomic<bool> stopped_{false};
    std::optional<TimePoint> until_;  // the end of run_until()
    unsigned forks_ = forks();        // of the process that made us
    bool running_ = false;
    bool ending_ = false;  // all are being cancelled
    Patience default_timeout_;

    Instrument* instrument_ = nullptr;  // whom to tell
    Instruments instruments_;
    std::unique_ptr<Instrument> tracer_;  // where COGEN_TRACE asks for one: see tracer.hpp
    ExceptionHandler exception_handler_;
    Report report_;
};

template <class T>
inline constexpr char kind_of = 0;  // its address stands for the type

template <std::derived_from<Service> T>
T& Scheduler::service()
{
    for (const auto& [kind, service] : services_)
        if (kind == &kind_of<T>)
            return static_cast<T&>(*service);
    auto service = std::make_unique<T>();
    T& made = *service;
    services_.reserve(services_.size() + 1);
    if constexpr (std::derived_from<T, FrontEnd>)
        front_ends_.push_back(&made);
    services_.emplace_back(&kind_of<T>, std::move(service));
    return made;
}

template <std::invocable F>
void Scheduler::post(F function)
{
    struct Once final : Posted {
        explicit Once(F f) : function(std::move(f)) {}
        void run() override
        {
            const std::unique_ptr<Once> self(this);
            function();
        }
        F function;
    };
    post(*std::make_unique<Once>(std::move(function)).release());
}

template <class R, class... Arguments>
Handle<typename R::Result> Scheduler::make_record(Arguments&&... arguments)
{
    static_assert(alignof(R) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__,
                  "a coroutine's function and arguments must not be over-aligned");
    void* const memory = blocks_.allocate(sizeof(R));
    R* record = nullptr;
    try {
        record = new (memory) R(std::forward<Arguments>(arguments)...);
    } catch (...) {
        blocks_.deallocate(memory, sizeof(R));
        throw;
    }
    record->blocks_ = &blocks_;
    record->size_ = sizeof(R);
    return Handle<typename R::Result>::adopt(*record);
}

template <class F>
auto Scheduler::spawn(F function, Site site)
{
    return spawn_coroutine(*this, site, std::move(function));
}

template <class F, class A>
auto Scheduler::spawn(F function, A a, Site site)
{
    return spawn_coroutine(*this, site, std::move(function), std::move(a));
}

template <class F, class A, class B>
auto Scheduler::spawn(F function, A a, B b, Site site)
{
    return spawn_coroutine(*this, site, std::move(function), std::move(a), std::move(b));
}

template <class F, class A, class B, class C>
auto Scheduler::spawn(F function, A a, B b, C c, Site site)
{
    return spawn_coroutine(*this, site, std::move(function), std::move(a), std::move(b),
                           std::move(c));
}

template <class F, class A, class B, class C, class D>
auto Scheduler::spawn(F function, A a, B b, C c, D d, Site site)
{
    return spawn_coroutine(*this, site, std::move(function), std::move(a), std::move(b),
                           std::move(c), std::move(d));
}

}
