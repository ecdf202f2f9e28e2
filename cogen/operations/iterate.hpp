// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operations/chunk.hpp"
#include "cogen/stackful.hpp"

#include <optional>
#include <tuple>
#include <type_traits>

namespace cogen {

/// What a producer produces: the T of its parameter Consumer<T>.
template <class F>
struct ProducedBy;
template <class F>
    requires requires { &F::operator(); }
struct ProducedBy<F> : ProducedBy<decltype(&F::operator())> {};
template <class R, class T, class... Args>
struct ProducedBy<R (*)(Yield&, Consumer<T>, Args...)> : std::type_identity<T> {};
template <class R, class F, class T, class... Args>
struct ProducedBy<R (F::*)(Yield&, Consumer<T>, Args...)> : std::type_identity<T> {};
template <class R, class F, class T, class... Args>
struct ProducedBy<R (F::*)(Yield&, Consumer<T>, Args...) const> : std::type_identity<T> {};
template <class F>
struct ProducedBy<OnStack<F>> : ProducedBy<F> {};

/// A function that produces values one by one, as they are wanted: cogen's pipe.
///
/// \snippet reference/words.cpp chunk
/// \snippet reference/words.cpp iterate
///
/// Each yield of it runs the producer, past the queue, up to its next Chunk, and answers with that
/// value; with none when the producer has ended. It begins at the first. What it throws is thrown
/// here; whatever else it yields it waits for as ever, and the consumer with it. One coroutine at a
/// time may pull.
///
/// `yield(numbers.stop())` cancels the producer and waits until it has cleaned up; what it throws
/// then is thrown by that. After it there are no more values. At the end of its life an Iterate
/// does the same, but cannot wait.
///
/// Ended early, it no longer waits, and the producer goes on: what it produces next is the answer
/// to the next yield, so nothing is lost.
template <class F, class... Args>
class [[nodiscard]] Iterate final : public Record::Joiner,
                                    private Pull<typename ProducedBy<F>::type> {
public:
    using Value = typename ProducedBy<F>::type;

    [[nodiscard]] explicit Iterate(F function, Args... arguments, Site site = Site::here())
        : call_(std::in_place, std::move(function), std::move(arguments)...), begun_at_(site)
    {}
    Iterate(const Iterate&) = delete;
    Iterate& operator=(const Iterate&) = delete;
    ~Iterate()
    {
        if (producer_ && !producer_.finished())
            scheduler_->cancel(producer_);
    }

    class Stop;
    Stop stop() { return Stop(*this); }

    Record* cancel(error_code why) override
    {
        stop_waiting();
        complete(why);
        return nullptr;
    }

    std::optional<Value> result()
    {
        throw_if_failed();
        if (!value_ && !stopped_)
            producer_.record().throw_unless_returned(*this);
        return std::exchange(value_, std::nullopt);
    }

    const Record* awaited() const override { return producer_ ? &producer_.record() : nullptr; }

    std::string describe() const override
    {
        return "Iterate(" + (producer_ ? producer_.record().title() : to_string(begun_at_)) + ')';
    }

private:
    using Body = RecordFor<F, Consumer<Value>, Args...>;

    /// The producer's record, which outlives us where it has to clean up behind our back.
    struct Producer final : Body {
        Producer(F&& function, Args&&... arguments)
            : Body(std::move(function), Consumer<Value>(iteration), std::move(arguments)...)
        {}
        Iteration<Value> iteration;
    };

    Coroutine* start(Scheduler& scheduler) override
    {
        value_.reset();
        if (!producer_ && !stopped_)
            return begin(scheduler);
        if (stopped_ || producer_.finished())
            return complete_now();
        Chunk<Value>* const chunk = iteration().chunk;
        if (chunk && chunk->take(value_))  // it came when nobody waited for it
            return complete_now();
        wait();
        return chunk ? chunk->go_on() : nullptr;
    }

    Coroutine* begin(Scheduler& scheduler)
    {
        scheduler_ = &scheduler;
        stopped_ = true;  // unless it does begin
        auto producer = std::apply(
            [&](F& function, Args&... arguments) {
                return scheduler.make_record<Producer>(std::move(function),
                                                       std::move(arguments)...);
            },
            *call_);
        call_.reset();
        Coroutine& coroutine = make_coroutine(scheduler, static_cast<Producer&>(producer.record()));
        producer_ = std::move(producer);
        stopped_ = false;
        wait();
        scheduler.introduce(coroutine, begun_at_);
        return &coroutine;
    }

    Iteration<Value>& iteration() { return static_cast<Producer&>(producer_.record()).iteration; }

    void wait()
    {
        iteration().pull = this;
        producer_.record().add(*this);
    }

    void stop_waiting()
    {
        iteration().pull = nullptr;
        unlink();
    }

    Coroutine* take(Value&& value) override
    {
        value_.emplace(std::move(value));  // first, since it may fail
        unlink();
        return complete_now();
    }

    Coroutine* joined() override
    {
        iteration().pull = nullptr;
        return complete_now();
    }

    std::optional<std::tuple<F, Args...>> call_;  // until it begins
    Site begun_at_;
    Scheduler* scheduler_ = nullptr;
    Handle<> producer_;
    std::optional<Value> value_;
    bool stopped_ = false;
};

template <class F, class... Args>
Iterate(F, Args...) -> Iterate<F, Args...>;

/// Ends an iteration early: see Iterate. Ended early itself, it no longer waits; the producer is
/// cancelled all the same.
template <class F, class... Args>
class Iterate<F, Args...>::Stop final : public Record::Joiner {
public:
    explicit Stop(Iterate& iterate) : iterate_(iterate) {}

    Record* cancel(error_code why) override
    {
        unlink();
        complete(why);
        return nullptr;
    }

    void result() const
    {
        throw_if_failed();
        if (waited_ && iterate_.producer_.failed())
            std::rethrow_exception(iterate_.producer_.record().failure());
    }

    const Record* awaited() const override { return iterate_.awaited(); }
    std::string describe() const override { return iterate_.describe() + ".stop()"; }

private:
    Coroutine* start(Scheduler& scheduler) override
    {
        iterate_.stopped_ = true;
        waited_ = iterate_.producer_ && !iterate_.producer_.finished();
        if (!waited_)
            return complete_now();
        iterate_.producer_.record().add(*this);
        scheduler.cancel(iterate_.producer_);
        return nullptr;
    }

    Coroutine* joined() override { return complete_now(); }

    Iterate& iterate_;
    bool waited_ = false;  // for the producer's end
};

}
