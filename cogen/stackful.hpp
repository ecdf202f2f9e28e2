// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/exception_state.hpp"
#include "cogen/scheduler.hpp"
#include "cogen/stack_use.hpp"
#include "cogen/stacks.hpp"

#include <boost/coroutine2/coroutine.hpp>

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>

namespace cogen {

/// What a stackful coroutine yields with: `auto n = yield(socket.read(buffer));`
/// Good for its own coroutine, as long as that runs; to yield with another's is a logic_error.
class Yield {
public:
    using Sink = boost::coroutines2::coroutine<Operation*>::push_type;

    Yield(Coroutine& coroutine, Sink& sink) : coroutine_(coroutine), sink_(sink) {}
    Yield(const Yield&) = delete;
    Yield& operator=(const Yield&) = delete;

    /// Hands the operation to the scheduler, and answers with its result when it is complete. In
    /// the meantime others run.
    // Flattened, because each return through a frame that was entered on another stack is
    // mispredicted by the processor.
    template <Yieldable Op>
    [[gnu::flatten]] decltype(auto) operator()(Op&& operation, Site site = Site::here())
    {
        if (coroutine_.state() != State::running || unwinding_unseen()) [[unlikely]]
            refuse(operation);
        operation.yielded_at(site);
        sink_(&operation);
        return operation.result();
    }

    /// Whose it is.
    Coroutine& coroutine() const { return coroutine_; }
    Scheduler& scheduler() const { return coroutine_.scheduler(); }

private:
    [[noreturn]] void refuse(const Operation& operation) const;

    /// The check of StackfulCoroutine::resume(), where Boost keeps the words that it looks at.
    static bool unwinding_unseen()
    {
        if constexpr (ExceptionState::kept_by_boost)
            return std::uncaught_exceptions() > 0;
        else
            return false;
    }

    Coroutine& coroutine_;
    Sink& sink_;
};

/// A function that wants a stack of at least that many bytes when it becomes a coroutine.
template <class F>
struct OnStack {
    std::size_t stack_size;
    F function;

    template <class... Args>
        requires std::invocable<F, Yield&, Args...>
    decltype(auto) operator()(Yield& yield, Args&&... arguments)
    {
        return std::invoke(std::move(function), yield, std::forward<Args>(arguments)...);
    }
};

/// `yield(Spawn(on_stack(256 * 1024, parse), text));`, where the default is 64 KiB.
template <class F>
OnStack<F> on_stack(std::size_t bytes, F function)
{
    return {bytes, std::move(function)};
}

/// A function that can be a stackful coroutine, with these arguments after the Yield.
template <class F, class... Args>
concept StackfulFunction = std::invocable<F, Yield&, Args...>;

/// The part of a record that a stackful coroutine runs.
class StackfulBody {
public:
    static constexpr std::size_t default_stack_size = 64 * 1024;

    /// Runs the function to its end. Exceptions that it ends with go to the record.
    virtual void run(Yield& yield, Coroutine& coroutine) = 0;

protected:
    ~StackfulBody() = default;
};

/// The record of a stackful coroutine: the function and its arguments, until it has run, and what
/// it returned.
template <class F, class... Args>
    requires StackfulFunction<F, Args...>
class StackfulRecord : public RecordOf<std::invoke_result_t<F, Yield&, Args...>>,
                       public StackfulBody {
public:
    using Result = std::invoke_result_t<F, Yield&, Args...>;

    explicit StackfulRecord(F function, Args... arguments)
        : call_(std::in_place, std::move(function), std::move(arguments)...)
    {}

    /// Takes over what is to run, which must not have begun.
    StackfulRecord(StackfulRecord&& other) : call_(std::move(other.call_)) {}

    /// What it asks for.
    std::size_t stack_size() const { return stack_size_of(std::get<0>(*call_)); }

    void run(Yield& yield, Coroutine& coroutine) override
    {
        try {
            coroutine.throw_if_interrupted();
            std::apply(
                [&](F& function, Args&... arguments) {
                    if constexpr (std::is_void_v<Result>)
                        std::invoke(std::move(function), yield, std::move(arguments)...);
                    else
                        this->value().emplace(
                            std::invoke(std::move(function), yield, std::move(arguments)...));
                },
                *call_);
        } catch (const boost::context::detail::forced_unwind&) {
            throw;
        } catch (const Cancelled&) {
            this->set_cancelled();
        } catch (...) {
            this->set_failure(std::current_exception());
        }
        call_.reset();
    }

private:
    template <class Function>
    static std::size_t stack_size_of(const Function&)
    {
        return StackfulBody::default_stack_size;
    }

    template <class Function>
    static std::size_t stack_size_of(const OnStack<Function>& function)
    {
        return function.stack_size;
    }

    std::optional<std::tuple<F, Args...>> call_;
};

class StackfulFrontEnd;
struct StackfulShelf;

/// A coroutine with a stack of its own, on whose top it lies itself. It serves one function after
/// the other, because to begin with a new one costs a stack, and to end one costs an exception.
class StackfulCoroutine final : public Coroutine {
public:
    Operation* resume() override;

    /// How many bytes of its stack its function has used so far; none if it has not been measured
    /// from its beginning.
    std::optional<std::size_t> stack_used() const;

    /// It is now `record`'s, whose part to run is `body`.
    void serve(Record& record, StackfulBody& body)
    {
        Coroutine::serve(record);
        body_ = &body;
    }

private:
    friend class StackfulFrontEnd;
    using Source = boost::coroutines2::coroutine<Operation*>::pull_type;

    StackfulCoroutine(StackfulFrontEnd& front_end, StackfulShelf& shelf, Stack stack);
    ~StackfulCoroutine() = default;

    void retire() override;
    void discard();
    void paint();
    Stack stack() const;

    // Up to the source, what each turn touches: the second line of the cache.
    ExceptionState exceptions_;
    StackfulFrontEnd& front_end_;
    Source source_;
    StackfulBody* body_ = nullptr;
    StackfulShelf& shelf_;  // where it waits for its next function
    bool painted_ = false;  // its stack, when the present function began
};

/// Stacks of one size, and those of the coroutines on them that have nothing to do.
struct StackfulShelf {
    explicit StackfulShelf(std::size_t stack_size);

    Stacks stacks;
    List<Coroutine, Ready> idle;
};

/// A scheduler's stackful coroutines: those that wait for a function to run, and their stacks.
class StackfulFrontEnd final : public FrontEnd {
public:
    ~StackfulFrontEnd() override;

    /// One that has nothing to do, with a stack of at least that size.
    StackfulCoroutine& take(std::size_t stack_size);

    void begin_turn() override { thread_exceptions_ = ExceptionState::of_this_thread(); }

    /// From now on no coroutine is used for a second function. When one ends, its stack is
    /// discarded, so that whoever holds an address there still, be it the system, fails at once.
    /// For tests: each coroutine costs some system calls, and addresses that nobody gets again.
    void discard_stacks() { discards_ = true; }

    // See measure_stacks.hpp.
    void measure_stacks();
    StackUses stack_uses() const;

private:
    friend class StackfulCoroutine;

    StackfulShelf& shelf(std::size_t stack_size);

    void* thread_exceptions_ = ExceptionState::of_this_thread();
    std::unique_ptr<StackUses> ended_;  // how those have used their stacks; null: is not measured
    bool discards_ = false;

    StackfulShelf default_shelf_{StackfulBody::default_stack_size};
    std::map<std::size_t, StackfulShelf> other_shelves_;
};

/// The record with which a function and its arguments become a coroutine.
template <class F, class... Args>
using RecordFor = StackfulRecord<F, Args...>;

/// A coroutine for a record, not yet among the scheduler's.
template <class F, class... Args>
Coroutine& make_coroutine(Scheduler& scheduler, StackfulRecord<F, Args...>& record)
{
    StackfulCoroutine& coroutine = scheduler.service<StackfulFrontEnd>().take(record.stack_size());
    coroutine.serve(record, record);
    return coroutine;
}

/// What Scheduler::spawn does.
template <class F, class... Args>
    requires StackfulFunction<F, Args...>
auto spawn_coroutine(Scheduler& scheduler, Site site, F function, Args... arguments)
{
    using R = RecordFor<F, Args...>;
    auto handle = scheduler.make_record<R>(std::move(function), std::move(arguments)...);
    scheduler.add(make_coroutine(scheduler, static_cast<R&>(handle.record())), site);
    return handle;
}

}
