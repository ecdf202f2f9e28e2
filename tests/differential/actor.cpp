#include "tests/differential/actor.hpp"

using namespace cogen;

namespace differential {
namespace {

/// What a step `fail` throws.
class Failed : public std::exception {};

std::string_view end_of(error_code error)
{
    if (error == errc::timed_out)
        return ended_by_time;
    if (error == errc::closed)
        return ended_by_close;
    if (error == errc::end_of_stream)
        return ended_by_stream;
    if (error == errc::simultaneous)
        return ended_by_other;
    return error.value() == EPIPE ? ended_by_pipe : ended_by_error;
}

bool waits_for_nothing(Kind kind)
{
    switch (kind) {
    case Kind::shutdown:
    case Kind::close:
    case Kind::close_listener:
    case Kind::pass:
    case Kind::spawn:
    case Kind::cancel:
    case Kind::raise:
    case Kind::fail:
    case Kind::with_timeout:
        return true;
    default:
        return false;
    }
}

}

void Actor::begin()
{
    if (claim())
        handle_ = stage_.scheduler.spawn([this](Yield& yield) { return live(yield); })
                      .named("c" + std::to_string(self_));
}

void Actor::cancel()
{
    if (handle_)
        stage_.scheduler.cancel(handle_);
}

int Actor::live(Yield& yield)
{
    if (std::exchange(begun_, true))
        stage_.fault("coroutine " + std::to_string(self_) + " began twice");
    id_ = yield.coroutine().id();
    try {
        take_all(yield, stage_.program.coroutines[static_cast<std::size_t>(self_)]);
    } catch (const Failed&) {
        over_ = failed_ = true;
        throw;
    } catch (const Cancelled&) {
        over_ = true;
        throw;
    }
    over_ = true;
    log_.emplace_back("returned");
    return self_;
}

void Actor::take_all(Yield& yield, const std::vector<Step>& steps)
{
    for (const Step& step : steps)
        take(yield, step);
}

void Actor::take(Yield& yield, const Step& step)
{
    acting_ = false;
    try {
        const Verdict verdict = verdict_of([&] {
            wait_for_own_instant(yield);
            acting_ = true;
            asked_ = false;
            wakes_ = stage_.witness.wakes(id_);
            return act(yield, step);
        });
        note(step, verdict.word);
        count(step, verdict.end);
    } catch (const Cancelled&) {
        note(step, "interrupted");
        count(step, ended_by_cancel);
        throw;
    }
}

/// Where nothing is to depend on who comes first, each has a millisecond of each tick to itself.
void Actor::wait_for_own_instant(Yield& yield)
{
    if (stage_.program.order != Order::apart)
        return;
    const TimePoint first = stage_.start + std::chrono::milliseconds(self_ + 1);
    const auto ticks = (stage_.scheduler.now() - first) / stage_.tick() + 1;
    yield(Sleep(stage_.scheduler.now() < first ? first : first + ticks * stage_.tick()));
}

Actor::Verdict Actor::act(Yield& yield, const Step& step)
{
    switch (step.kind) {
    case Kind::sleep:
        yield_it(yield, Sleep(step.amount * stage_.tick()), step);
        return {"slept", ended_well};
    case Kind::pass:
        yield(Pass());
        return {"passed", ended_well};
    case Kind::wait_for_signal: {
        WaitForSignal<int> wait("t" + std::to_string(step.target));
        return {"got " + std::to_string(yield_it(yield, wait, step)), ended_well};
    }
    case Kind::signal:
        return signal(yield, step);
    case Kind::with_timeout:
        return limit_block(yield, step);
    case Kind::fail:
        note(step, "fails");
        count(step, ended_by_error);
        throw Failed();
    case Kind::spawn:
    case Kind::call:
    case Kind::join:
    case Kind::cancel:
    case Kind::raise:
        return act_on_others(yield, step);
    default:
        return act_on_descriptor(yield, step);
    }
}

Actor::Verdict Actor::act_on_others(Yield& yield, const Step& step)
{
    Actor& actor = other(step);
    switch (step.kind) {
    case Kind::spawn:
        if (!actor.claim())
            return {"was there", ended_well};
        actor.handle_ = yield(Spawn([&actor](Yield& y) { return actor.live(y); }));
        actor.handle_.named("c" + std::to_string(actor.self_));
        return {"spawned", ended_well};
    case Kind::call:
        return call(yield, step);
    case Kind::join:
        return join(yield, step);
    case Kind::cancel:
    case Kind::raise:
        if (!actor.handle_)
            return {"nobody", ended_well};
        actor.asked_ = true;
        if (step.kind == Kind::cancel)
            stage_.scheduler.cancel(actor.handle_);
        else
            stage_.scheduler.raise(actor.handle_, Raised());
        return {"asked", ended_well};
    default:
        throw std::logic_error("not a step that has to do with others");
    }
}

Actor::Verdict Actor::signal(Yield& yield, const Step& step)
{
    Signal<int> signal("t" + std::to_string(step.target), self_);
    signal.recipients(static_cast<std::size_t>(step.amount));
    const std::size_t woken = yield_it(yield, signal, step);
    if (woken != 1)
        stage_.count_order(woken == 0 ? woke_none : woke_many);
    return {"woke " + std::to_string(woken), ended_well};
}

Actor::Verdict Actor::call(Yield& yield, const Step& step)
{
    Actor& actor = other(step);
    if (!actor.claim())
        return {"was there", ended_well};
    Call call([&actor](Yield& y) { return actor.live(y); });
    const Verdict verdict = verdict_of([&] { return end_of_other(yield, call, step); });
    if (verdict.end == ended_by_time || verdict.end == ended_by_raise)
        stage_.count_order(called_ended);
    return verdict;
}

Actor::Verdict Actor::join(Yield& yield, const Step& step)
{
    const Handle<int>& handle = other(step).handle_;
    if (!handle)
        return {"nobody", ended_well};
    if (handle.finished())
        stage_.count_order(joined_after);
    Join join(handle);
    return end_of_other(yield, join, step);
}

template <class Op>
Actor::Verdict Actor::end_of_other(Yield& yield, Op& operation, const Step& step)
{
    try {
        return {"returned " + std::to_string(yield_it(yield, operation, step)), ended_well};
    } catch (const Failed&) {
        return {"it failed", ended_by_error};
    }
}

Actor::Verdict Actor::limit_block(Yield& yield, const Step& step)
{
    const TimePoint before = stage_.scheduler.now();
    const Duration time = step.amount * stage_.tick();
    try {
        with_timeout(yield, time, [&] { take_all(yield, step.body); });
        return {"left in time", ended_well};
    } catch (const TimeoutError&) {
        if (const Duration took = stage_.scheduler.now() - before; took != time)
            stage_.fault("a block of " + to_string(time) + " ran out after " + to_string(took));
        stage_.count_order(block_left);
        return {"left late", ended_by_time};
    }
}

Actor::Verdict Actor::verdict_on(error_code error) { return {error.message(), end_of(error)}; }

void Actor::note(const Step& step, std::string_view word)
{
    pending_.reset();
    std::string entry = std::string(name_of(step.kind)) + ' ' + std::to_string(step.target) + ": ";
    entry += word;
    if (stage_.program.order == Order::apart)
        entry += " after " + to_string(stage_.scheduler.now() - stage_.start);
    log_.push_back(std::move(entry));
}

void Actor::count(const Step& step, std::string_view end)
{
    stage_.coverage.count("operations", name_of(step.kind));
    stage_.coverage.count("ends", end);
    if (!acting_ || waits_for_nothing(step.kind))
        return;
    const bool away = stage_.witness.wakes(id_) > wakes_;
    if (end == ended_well || end == ended_by_stream || end == ended_by_error || end == ended_by_pipe
        || end == ended_by_other)
        stage_.count_order(asked_ && away ? success_won : away ? had_later : had_at_once);
    else
        stage_.count_order(away ? ended_while : ended_before);
}

Actor& Actor::other(const Step& step) const
{
    return *stage_.actors.at(static_cast<std::size_t>(step.target));
}

}
