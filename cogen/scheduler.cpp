// SPDX-License-Identifier: MIT
#include "cogen/scheduler.hpp"

#include "cogen/tracer.hpp"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <stdexcept>
#include <string>

namespace cogen {
namespace {

constexpr int resumptions_a_turn = 64;  // then the kernel and the timers have theirs
constexpr int transfers_in_a_row = 16;  // then the others have theirs; a part of the above

}

/// That run(), or one of the kind, is on its way: only one can be.
class Scheduler::Running {
public:
    explicit Running(Scheduler& scheduler) : scheduler_(scheduler)
    {
        scheduler.check_process();
        if (std::exchange(scheduler.running_, true))
            throw std::logic_error("Scheduler::run: it is running already");
    }
    ~Running()
    {
        scheduler_.running_ = false;
        scheduler_.until_.reset();
        scheduler_.cause_ = Cause(Cause::Kind::outside);  // also where the reactor has thrown
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

private:
    Scheduler& scheduler_;
};

Report Scheduler::run()
{
    const Running running(*this);
    while (alive() && !stopped_)
        turn_once();
    if (!stopped_.exchange(false)) {
        report_.cycles = wait_cycles(alive_);
        report_.stuck = coroutines();
        cancel_all();
    }
    return std::exchange(report_, {});
}

bool Scheduler::run_until(TimePoint time)
{
    const Running running(*this);
    until_ = time;
    while (alive() && !stopped_ && now() < time)
        turn_once();
    return !stopped_.exchange(false) && alive();
}

bool Scheduler::step()
{
    const Running running(*this);
    until_ = TimePoint::min();  // to wait till then is not to wait
    if (alive() && !stopped_)
        turn_once();
    return !stopped_.exchange(false) && alive();
}

/// Something is ready, sleeping, waiting on a descriptor, or comes from outside. The others can
/// only be helped by these.
bool Scheduler::alive() const
{
    return !ready_.empty() || !timers_.empty() || !reactor_->empty() || !inbox_.empty()
           || work_ > 0;
}

/// A coroutine may have forked, and have gone on in the child.
inline void Scheduler::check_process() const
{
    if (is_a_copy()) [[unlikely]]
        throw std::logic_error("Scheduler::run: this process is a child of fork(2), and the "
                               "scheduler its parent's: make one of your own");
}

void Scheduler::turn_once()
{
    ++turn_;
    for (FrontEnd* front_end : front_ends_)
        front_end->begin_turn();
    if (!inbox_.empty())
        run_posted();
    run_ready();
    wait();
    fire_timers();
}

void Scheduler::run_ready()
{
    int left = resumptions_a_turn;
    while (left > 0 && !ready_.empty())
        take_turn(ready_.pop_front(), left);
    current_ = nullptr;
}

/// Resumes `coroutine`, and then whoever it hands its turn to: a call, a return, or itself when
/// what it yielded was complete at once. After some of these it is the others' turn.
// Inlined into the loop: each return through a frame after a switch of stacks is mispredicted.
[[gnu::always_inline]] inline void Scheduler::take_turn(Coroutine& coroutine, int& left)
{
    int in_a_row = std::min(transfers_in_a_row, left);
    for (Coroutine* next = &coroutine; next; next = resume(*next), --left)
        if (in_a_row-- == 0) {
            if (next->state_ == State::waiting)  // its operation was complete at once
                wake(*next, *next->operation_);
            ready_.push_back(*next);
            return;
        }
}

/// Runs `coroutine` up to its next yield, and starts what it yields. Answers with who runs next.
[[gnu::always_inline]] inline Coroutine* Scheduler::resume(Coroutine& coroutine)
{
    current_ = &coroutine;
    cause_ = Cause(Cause::Kind::coroutine, coroutine.id_);
    if (instrument_)
        instrument_->resumed(coroutine);
    coroutine.state_ = State::running;
    coroutine.since_ = turn_;

    Operation* const operation = coroutine.resume();
    if (!operation)
        return ended(coroutine);

    coroutine.operation_ = operation;
    coroutine.state_ = State::waiting;
    if (instrument_)
        instrument_->yielded(coroutine, *operation);
    if (coroutine.interrupted_) [[unlikely]]
        return refuse(coroutine, *operation);
    try {
        return operation->start_for(coroutine, *this);
    } catch (...) {
        return could_not_start(coroutine, *operation);
    }
}

/// The operation could not even start: that is its coroutine's affair, not ours.
Coroutine* Scheduler::could_not_start(Coroutine& coroutine, Operation& operation)
{
    coroutine.raised_ = std::current_exception();
    operation.refuse(coroutine, errc::raised);
    return &coroutine;
}

/// Tells whoever waits for its end. The caller goes on at once, the joiners in their turn.
Coroutine* Scheduler::ended(Coroutine& coroutine)
{
    Record& record = coroutine.record();
    record.finished_ = true;
    record.coroutine_ = nullptr;
    coroutine.state_ = State::finished;
    record.unlink();
    ++report_.finished;
    if (instrument_)
        instrument_->ended(record);

    const bool awaited = !record.joiners_.empty();
    Coroutine* next = nullptr;
    while (!record.joiners_.empty())
        if (Coroutine* const caller = record.joiners_.pop_front().joined()) {
            if (next)  // only one can be next: whoever came before goes to the queue
                ready_.push_back(*next);
            next = caller;
        }
    if (record.failure())
        report_failure(record, awaited);

    coroutine.retire();
    record.release();
    return next;
}

/// Completing queues: this is where everything that is woken goes.
void Coroutine::on_complete(Operation& operation)
{
    scheduler_->wake(*this, operation);
    scheduler_->ready_.insert(scheduler_->place_, *this);
}

Coroutine* Coroutine::go_on_after(Operation& operation)
{
    if (scheduler_->current_ != this)  // otherwise it has never been away
        scheduler_->wake(*this, operation);
    return this;
}

void Scheduler::wake(Coroutine& coroutine, const Operation& operation)
{
    if (coroutine.limited_) [[unlikely]] {
        coroutine.limited_ = false;
        timers_.disarm(coroutine.limit_);
    }
    coroutine.state_ = State::ready;
    coroutine.since_ = turn_;
    coroutine.cause_ = cause_;
    if (instrument_)
        instrument_->woken(coroutine, operation);
}

/// How an operation on a descriptor comes to the reactor, and goes on at once when it is done.
Coroutine* IoOperation::start(Scheduler& scheduler)
{
    scheduler_ = &scheduler;
    if (wanted_ == 0 || scheduler.reactor().start(*this))
        return complete_now();
    if (const Patience time = timeout_.value_or(scheduler.default_timeout()))
        waiter().limit(*time);
    return nullptr;
}

Record* IoOperation::cancel(error_code why)
{
    scheduler_->reactor().cancel(*this, why);
    return nullptr;
}

/// Lets the reactor wait as long as our patience lasts. Reads the clock once for all timers that
/// were set in this turn, and again when one of them may be due by now.
void Scheduler::wait()
{
    check_process();
    cause_ = Cause(Cause::Kind::reactor);
    if (!timers_.empty() || until_) {
        now_ = now();
        timers_.settle(now_);
    }
    const Patience patience = stopped_ && !ending_ ? Duration::zero() : this->patience();
    const bool something_comes = !timers_.empty() || work_ > 0;
    const bool in_vain =
        patience == Duration::zero() ? !reactor_->serves_others() : !something_comes;
    if (reactor_->empty() && in_vain)
        return;
    const bool until_deadline = patience > Duration::zero();  // not so where it is endless

    Kernel& kernel = reactor_->kernel();
    if (!until_deadline || !kernel.time_is_virtual())
        ask_reactor(patience);
    else if (!ask_reactor(Duration::zero()))
        kernel.advance_to(next_deadline());  // nothing else moves
    if (until_deadline)
        now_ = now();
}

/// None at all while somebody is ready; until the next deadline; or, without one, for ever.
Patience Scheduler::patience() const
{
    if (!ready_.empty() || !inbox_.empty() || timers_.any_fresh())
        return Duration::zero();
    if (timers_.empty() && !until_)
        return std::nullopt;
    const TimePoint deadline = next_deadline();
    return deadline <= now_ ? Duration::zero() : deadline - now_;
}

TimePoint Scheduler::next_deadline() const
{
    if (timers_.empty())
        return *until_;
    return until_ ? std::min(*until_, timers_.next()) : timers_.next();
}

bool Scheduler::ask_reactor(Patience patience)
{
    if (instrument_)
        instrument_->before_wait(patience);
    const bool moved = reactor_->wait(patience);
    if (instrument_)
        instrument_->after_wait();
    return moved;
}

void Scheduler::fire_timers()
{
    cause_ = Cause(Cause::Kind::timer);
    timers_.expire(now_);
    cause_ = Cause(Cause::Kind::outside);
}

void Scheduler::add(Coroutine& coroutine, Site site)
{
    introduce(coroutine, site);
    ready_.insert(place_, coroutine);
}

void Scheduler::introduce(Coroutine& coroutine, Site site)
{
    const CoroutineId parent = current_ ? current_->id_ : 0;
    coroutine.scheduler_ = this;
    coroutine.id_ = ++last_id_;
    coroutine.operation_ = nullptr;
    coroutine.state_ = State::ready;
    coroutine.since_ = turn_;
    coroutine.cause_ = Cause(Cause::Kind::spawned, parent);
    coroutine.cancelled_ = coroutine.interrupted_ = ending_;
    coroutine.from_others_ = nullptr;
    coroutine.refusals_ = 0;
    coroutine.record_->id_ = coroutine.id_;
    coroutine.record_->parent_ = parent;
    coroutine.record_->site_ = site;
    coroutine.record_->reference();  // the run's
    alive_.push_back(*coroutine.record_);
    if (instrument_)
        instrument_->spawned(coroutine);
}

std::vector<Status> Scheduler::coroutines() { return statuses_of(alive_); }

void Scheduler::dump(std::ostream& out)
{
    for (const Status& status : coroutines())
        out << status << '\n';
    for (const std::string& cycle : wait_cycles(alive_))
        out << cycle << '\n';
}

void Scheduler::stop() noexcept
{
    stopped_ = true;
    reactor_->wake();
}

void Scheduler::post(Posted& posted) noexcept
{
    if (inbox_.put(posted))
        reactor_->wake();
}

void Scheduler::end_work() noexcept
{
    if (--work_ == 0)
        reactor_->wake();
}

void Scheduler::run_posted()
{
    inbox_.take_all([](Posted& posted) {
        try {
            posted.run();
        } catch (...) {
            std::fprintf(stderr, "cogen: a posted function failed: %s\n",
                         message_of(std::current_exception()).c_str());
        }
    });
}

void Scheduler::report_failure(const Record& record, bool awaited) noexcept
{
    report_.add_failure(record);
    if (awaited)
        return;
    if (exception_handler_)
        exception_handler_(record, record.failure());
    else
        print_failure(record);
}

Scheduler::Scheduler(std::string_view reactor) : Scheduler(make_reactor(reactor)) {}

Scheduler::Scheduler(std::unique_ptr<Reactor> reactor)
    : reactor_(std::move(reactor)), blocks_(Blocks::create()), now_(now())
{
    tracer_ = Tracer::if_wished(*this);
}

Scheduler::~Scheduler()
{
    running_ = true;
    if (!is_a_copy())
        cancel_all();
    while (!services_.empty())
        services_.pop_back();
    tracer_.reset();
    blocks_.release();
}

void Scheduler::attach(Instrument& instrument)
{
    instruments_.add(instrument);
    tell(instruments_.whom_to_tell());
}

void Scheduler::detach(Instrument& instrument) noexcept
{
    instruments_.remove(instrument);
    tell(instruments_.whom_to_tell());
}

void Scheduler::tell(Instrument* instrument) noexcept
{
    instrument_ = instrument;
    reactor_->instrument_with(instrument);
}

}
