#include "tests/differential/actor.hpp"

using namespace cogen;

namespace differential {
namespace {

/// What a step `raise` has another coroutine throw, and `fail` throws itself.
class Raised : public std::exception {};
class Failed : public std::exception {};

template <class Op>
std::size_t so_far(const Op& operation)
{
    if constexpr (requires { operation.so_far(); })
        return operation.so_far();
    else
        return 0;
}

std::string_view end_of(error_code error)
{
    if (error == errc::timed_out)
        return ended_by_time;
    if (error == errc::closed)
        return ended_by_close;
    if (error == errc::end_of_stream)
        return ended_by_stream;
    return error == errc::simultaneous ? ended_by_other : ended_by_error;
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

Actor::Verdict Actor::act_on_descriptor(Yield& yield, const Step& step)
{
    switch (step.kind) {
    case Kind::drain:
        return drain(yield, step);
    case Kind::write:
    case Kind::write_some:
    case Kind::writev:
        return write(yield, step);
    case Kind::shutdown:
        return shutdown(yield, step);
    case Kind::close: {
        Socket& socket = stage_.network.end(step.target).socket;
        yield(socket.close());
        return {"closed", ended_well};
    }
    case Kind::wait_readable:
    case Kind::wait_writable:
        return wait_ready(yield, step);
    case Kind::connect:
        return connect(yield, step);
    case Kind::accept:
        return accept(yield, step);
    case Kind::close_listener:
        yield(stage_.network.listener(step.target).close());
        return {"closed", ended_well};
    default:
        return read(yield, step);
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

Actor::Verdict Actor::read(Yield& yield, const Step& step)
{
    End& end = stage_.network.end(step.target);
    const std::shared_ptr<Flow> flow = end.in;
    std::vector<std::byte> buffer(static_cast<std::size_t>(step.amount));
    const auto account = [&](std::size_t count, bool over) {
        if (flow)
            take(*flow, {buffer.data(), count}, over, step);
    };
    pending_ = pollfd{end.socket.descriptor().number(), POLLIN, 0};
    if (step.kind == Kind::read_exactly) {
        ReadExactly operation = end.socket.read_exactly(buffer);
        return transfer(yield, operation, step, account);
    }
    const std::size_t half = buffer.size() / 2;
    const std::array<MutableBuffer, 2> halves{MutableBuffer(buffer.data(), half),
                                              {buffer.data() + half, buffer.size() - half}};
    if (step.kind == Kind::readv) {
        Readv operation = end.socket.readv(halves);
        return transfer(yield, operation, step, account);
    }
    Read operation = end.socket.read(buffer);
    return transfer(yield, operation, step, account);
}

/// What has come out of `flow`, and whether it is over.
void Actor::take(Flow& flow, std::span<const std::byte> bytes, bool over, const Step& step)
{
    if (!flow.took(bytes))
        stage_.fault("wrong bytes at end " + std::to_string(step.target));
    if (over)
        flow.ended();
}

/// By one read after the other, of as much as there is.
Actor::Verdict Actor::drain(Yield& yield, const Step& step)
{
    const std::shared_ptr<Flow> flow = stage_.network.end(step.target).in;
    std::array<std::byte, 16 * 1024> buffer;
    std::size_t all = 0;
    const auto size = static_cast<std::size_t>(step.amount);
    Verdict verdict = verdict_of([&] {
        while (all < size) {
            const Socket& socket = stage_.network.end(step.target).socket;
            pending_ = pollfd{socket.descriptor().number(), POLLIN, 0};
            const std::size_t count = yield_it(
                yield, socket.read({buffer.data(), std::min(buffer.size(), size - all)}), step);
            if (flow)
                take(*flow, {buffer.data(), count}, count == 0, step);
            if (count == 0)
                return Verdict{"end", ended_by_stream};
            all += count;
        }
        return Verdict{"ok", ended_well};
    });
    verdict.word += ' ' + count_word(all, step);
    return verdict;
}

Actor::Verdict Actor::write(Yield& yield, const Step& step)
{
    End& end = stage_.network.end(step.target);
    const std::shared_ptr<Flow> flow = end.out;
    const auto bytes = (flow ? *flow : Flow(0)).next(static_cast<std::size_t>(step.amount));
    const auto account = [&](std::size_t count, bool) {
        if (flow)
            flow->wrote(count);
    };
    pending_ = pollfd{end.socket.descriptor().number(), POLLOUT, 0};
    if (step.kind == Kind::write) {
        Write operation = end.socket.write(bytes);
        return transfer(yield, operation, step, account);
    }
    if (step.kind == Kind::write_some) {
        WriteSome operation = end.socket.write_some(bytes);
        return transfer(yield, operation, step, account);
    }
    const std::size_t half = bytes.size() / 2;
    const std::array<ConstBuffer, 2> halves{ConstBuffer(bytes.data(), half),
                                            {bytes.data() + half, bytes.size() - half}};
    Writev operation = end.socket.writev(halves);
    return transfer(yield, operation, step, account);
}

/// Yields it, and accounts for the bytes that have gone through, however it ends.
template <class Op, class Account>
Actor::Verdict Actor::transfer(Yield& yield, Op& operation, const Step& step, Account account)
{
    std::size_t count = 0;
    Verdict verdict;
    try {
        verdict = verdict_of([&] {
            count = yield_it(yield, operation, step);
            return Verdict{"ok", ended_well};
        });
    } catch (const Cancelled&) {
        account(so_far(operation), false);
        throw;
    }
    if (verdict.end != ended_well)
        count = so_far(operation);
    else if (count == 0 && step.amount > 0)
        verdict.end = ended_by_stream;
    account(count, verdict.end == ended_by_stream);
    verdict.word += ' ' + count_word(count, step);
    return verdict;
}

/// How much a system takes before it is read is its own affair.
std::string Actor::count_word(std::size_t count, const Step& step) const
{
    if (!stage_.network.stream_of(step.target).wide)
        return std::to_string(count);
    return count == 0 ? "none" : count == static_cast<std::size_t>(step.amount) ? "all" : "part";
}

Actor::Verdict Actor::shutdown(Yield& yield, const Step& step)
{
    const End& end = stage_.network.end(step.target);
    const auto direction = static_cast<Shutdown::Direction>(step.amount);
    if (direction != Shutdown::Direction::writing && end.in)
        end.in->cut();
    yield(end.socket.shutdown(direction));
    return {"shut down", ended_well};
}

Actor::Verdict Actor::wait_ready(Yield& yield, const Step& step)
{
    const Descriptor descriptor = stage_.network.end(step.target).socket.descriptor();
    if (step.kind == Kind::wait_readable) {
        pending_ = pollfd{descriptor.number(), POLLIN, 0};
        yield_it(yield, WaitReadable(descriptor), step);
    } else {
        pending_ = pollfd{descriptor.number(), POLLOUT, 0};
        yield_it(yield, WaitWritable(descriptor), step);
    }
    return {"ready", ended_well};
}

Actor::Verdict Actor::connect(Yield& yield, const Step& step)
{
    const Endpoint endpoint = stage_.network.listener(step.target).endpoint();
    Socket socket = yield_it(yield, Connect(endpoint), step);
    wait_for_own_instant(yield);  // the one before is closed, which others notice
    if (stage_.network.replace(2 * step.target, std::move(socket)))
        stage_.count_order(number_again);
    return {"connected", ended_well};
}

Actor::Verdict Actor::accept(Yield& yield, const Step& step)
{
    const Listener& listener = stage_.network.listener(step.target);
    pending_ = pollfd{listener.descriptor().number(), POLLIN, 0};
    Socket socket = yield_it(yield, listener.accept(), step);
    wait_for_own_instant(yield);
    if (stage_.network.replace(2 * step.target + 1, std::move(socket)))
        stage_.count_order(number_again);
    return {"accepted", ended_well};
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

/// With its limit, which ends it neither early nor, where time stands still meanwhile, late.
template <class Op>
Actor::ResultOf<Op> Actor::yield_it(Yield& yield, Op&& operation, const Step& step)
{
    if (step.limit == 0)
        return yield(operation);
    const TimePoint before = stage_.scheduler.now();
    const Duration limit = step.limit * stage_.tick() + 500us;
    try {
        return yield(operation | within(limit));
    } catch (const TimeoutError&) {
        if (const Duration took = stage_.scheduler.now() - before; took != limit)
            stage_.fault("a time of " + to_string(limit) + " ran out after " + to_string(took));
        throw;
    }
}

template <class Body>
Actor::Verdict Actor::verdict_of(Body body)
{
    try {
        return body();
    } catch (const Raised&) {
        return {"raised", ended_by_raise};
    } catch (const system_error& error) {
        return {error.code().message(), end_of(error.code())};
    }
}

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
    if (end == ended_well || end == ended_by_stream || end == ended_by_error
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
