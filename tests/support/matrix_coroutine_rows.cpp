#include "tests/support/matrix_rows.hpp"

using namespace cogen;

namespace matrix {
namespace {

/// Success is that its time is up; "somebody helps" is that the clock has been moved on.
struct Sleeps final : TrialOf<Sleeps> {
    using TrialOf::TrialOf;
    static constexpr bool shares_success = true;

    void prepare(Yield&) override { due_ = now() + duration(); }
    Sleep operation() const { return Sleep(duration()); }
    void succeed() override { stage().advance(std::max(due_ - now(), Duration::zero())); }
    void bystand(Yield& yield) override
    {
        yield(Sleep(duration()));  // to the same instant
        expect(now() >= due_, "the bystander woke early");
    }
    void account() override { expect(!got_value() || now() >= due_, "the sleeper woke early"); }
    void again(Yield& yield) override
    {
        const TimePoint start = now();
        yield(Sleep(1s));
        expect(now() == start + 1s, "another sleep took another time");
    }

private:
    TimePoint now() const { return stage().kernel().now(); }

    /// Before the limit, after it, at it, or out of sight.
    Duration duration() const
    {
        switch (cell().order) {
        case Order::in_time:
        case Order::success_first:
            return limit - 500ms;
        case Order::end_first:
            return limit + 1s;
        case Order::same_instant:
            return limit;
        default:
            return cell().end == End::success ? Duration(1500ms) : Duration(1h);
        }
    }

    TimePoint due_;
};

struct Passes final : TrialOf<Passes> {
    using TrialOf::TrialOf;
    static constexpr bool complete_at_once = true;

    Pass operation() const { return {}; }
    void bystand(Yield& yield) override { yield(Pass()); }
    void again(Yield& yield) override { yield(Pass()); }
};

struct Spawns final : TrialOf<Spawns> {
    using TrialOf::TrialOf;
    static constexpr bool complete_at_once = true;

    auto operation()
    {
        return Spawn([this](Yield&) { ++children_; });
    }
    void got(const Handle<>& child) { expect(bool(child), "the handle is empty"); }
    void bystand(Yield& yield) override
    {
        yield(Join(yield(Spawn([](Yield& y) { y(Pass()); }))));
    }
    void account() override
    {
        expect(children_ == (got_value() ? 1 : 0), "the child has not run as often as was told");
    }
    void again(Yield& yield) override
    {
        const int before = children_;
        yield(Join(yield(operation())));
        expect(children_ == before + 1, "another spawn did not run");
    }

private:
    int children_ = 0;
};

/// Calls one that waits for a word to go on.
struct Calls final : TrialOf<Calls> {
    using TrialOf::TrialOf;

    auto operation()
    {
        return Call([this](Yield& yield) { return callee(yield); });
    }
    void got(int answer) { expect(answer == 5, "a call with a wrong answer"); }
    void succeed() override { Signal("go").send(scheduler()); }
    bool succeeded(const Record&) const override
    {
        return !callee_ || callee_->state() != State::waiting;
    }
    void bystand(Yield& yield) override
    {
        yield(Call([](Yield& y) { y(WaitForSignal("bystander, go")); }));
    }
    void help_bystander() override { Signal("bystander, go").send(scheduler()); }
    void account() override
    {
        expect(begun_ == ended_, "the called one has not ended");
        expect(returned_ == (got_value() ? 1 : 0), "a return was not delivered");
    }
    void again(Yield& yield) override
    {
        expect(yield(Call([](Yield& y) {
                   y(Pass());
                   return 7;
               })) == 7,
               "another call had another answer");
    }

private:
    int callee(Yield& yield)
    {
        struct Ends {
            Calls& trial;
            ~Ends()
            {
                ++trial.ended_;
                trial.callee_ = nullptr;
            }
        } ends{*this};
        ++begun_;
        callee_ = &yield.coroutine();
        yield(WaitForSignal("go"));
        ++returned_;
        return 5;
    }

    const Coroutine* callee_ = nullptr;
    int begun_ = 0;
    int ended_ = 0;
    int returned_ = 0;
};

/// Pulls a producer that waits for a word to go on. What it produces is never lost, whoever gives
/// up waiting for it.
struct Pulls final : TrialOf<Pulls> {
    using TrialOf::TrialOf;
    static constexpr bool shares_success = true;

    struct Producer {
        int* produced;
        void operator()(Yield& yield, Consumer<int> consumer) const
        {
            for (;;) {
                yield(WaitForSignal("go"));
                yield(Chunk(consumer, ++*produced));
            }
        }
    };

    /// One yield of an iteration that outlives it.
    struct Pull final : Wrapper<Iterate<Producer>&> {
        explicit Pull(Iterate<Producer>& iterate) : Wrapper(iterate) {}
    };

    Pull operation() { return Pull(*iterate_); }
    void got(std::optional<int> value)
    {
        expect(value == ++received_, "a value was lost, or came twice");
    }
    void succeed() override { Signal("go").send(scheduler()); }
    void bystand(Yield& yield) override
    {
        int produced = 0;
        Iterate other(Producer{&produced});
        expect(yield(other) == 1, "the bystander got a wrong value");
    }
    void help_bystander() override { succeed(); }
    void again(Yield& yield) override
    {
        const auto helper = yield(Spawn([this](Yield& y) {
            for (int i = 0; i < 3; ++i) {
                y(Pass());
                succeed();
            }
        }));
        while (received_ < produced_ || received_ == 0)
            got(yield(*iterate_));
        yield(Join(helper));
    }
    void clear() override { iterate_.reset(); }

private:
    int produced_ = 0;
    int received_ = 0;
    std::optional<Iterate<Producer>> iterate_{std::in_place, Producer{&produced_}};
};

/// Stops an iteration whose producer cleans up until there is a word to end. It ends, whoever gives
/// up waiting for that.
struct Stops final : TrialOf<Stops> {
    using TrialOf::TrialOf;
    static constexpr bool shares_success = true;

    struct Producer {
        bool* cleaned;
        void operator()(Yield& yield, Consumer<int> consumer) const
        {
            try {
                yield(Chunk(consumer, 1));
            } catch (const Cancelled&) {
                shielded(yield, [&] { yield(WaitForSignal("end")); });
                *cleaned = true;
                throw;
            }
        }
    };

    void prepare(Yield& yield) override { yield(*iterate_); }
    auto operation() { return iterate_->stop(); }
    void got() { expect(cleaned_, "a stop was too early"); }
    void succeed() override { Signal("end").send(scheduler()); }
    void bystand(Yield& yield) override
    {
        yield(iterate_->stop());
        got();
    }
    void help_bystander() override { succeed(); }
    void again(Yield& yield) override
    {
        yield(operation());
        expect(!yield(*iterate_), "there was a value after the end");
    }
    void clear() override { iterate_.reset(); }

private:
    bool cleaned_ = false;
    std::optional<Iterate<Producer>> iterate_{std::in_place, Producer{&cleaned_}};
};

/// Hands a value to a consumer who is not there yet, and is played here.
struct Produces final : TrialOf<Produces> {
    using TrialOf::TrialOf;

    Chunk<int> operation() { return {Consumer<int>(iteration_), 7}; }
    void got() { expect(taken_ == 7, "a chunk went on before its value was taken"); }
    void succeed() override { take(iteration_, taken_); }
    void bystand(Yield& yield) override { yield(Chunk(Consumer<int>(other_), 8)); }
    void help_bystander() override
    {
        std::optional<int> taken;
        take(other_, taken);
    }
    void account() override
    {
        expect(taken_.has_value() == got_value(), "a value was taken from who has gone");
    }
    void again(Yield& yield) override
    {
        const auto consumer = yield(Spawn([this](Yield& y) {
            y(Pass());
            succeed();
        }));
        const auto before = std::exchange(taken_, std::nullopt);
        yield(operation());
        got();
        taken_ = before;
        yield(Join(consumer));
    }

private:
    static void take(Iteration<int>& iteration, std::optional<int>& there)
    {
        if (Chunk<int>* const chunk = std::exchange(iteration.chunk, nullptr)) {
            chunk->take(there);
            chunk->complete();
        }
    }

    Iteration<int> iteration_, other_;
    std::optional<int> taken_;
};

/// Joins one that waits for a word to go on. That one must live on, whoever gives up joining it.
struct Joins final : TrialOf<Joins> {
    using TrialOf::TrialOf;
    static constexpr bool shares_success = true;

    void prepare(Yield& yield) override
    {
        target_ = yield(Spawn([](Yield& y) {
            y(WaitForSignal("go"));
            return 5;
        }));
    }
    Join<int> operation() const { return Join(target_); }
    void got(int answer) { expect(answer == 5, "a join with a wrong answer"); }
    void succeed() override { Signal("go").send(scheduler()); }
    void bystand(Yield& yield) override
    {
        expect(yield(Join(target_)) == 5, "the bystander joined with a wrong answer");
    }
    void help_bystander() override { succeed(); }
    void again(Yield& yield) override
    {
        expect(yield(Join(target_)) == 5, "another join had another answer");
    }

private:
    Handle<int> target_;
};

struct WaitsForSignal final : TrialOf<WaitsForSignal> {
    using TrialOf::TrialOf;
    static constexpr bool shares_success = true;

    WaitForSignal<int> operation() const { return WaitForSignal<int>("tick"); }
    void got(int value)
    {
        expect(value == 7, "a signal with a wrong value");
        ++received_;
    }
    void succeed() override { counted_ += Signal("tick", 7).send(scheduler()); }
    void bystand(Yield& yield) override { got(yield(operation())); }
    void help_bystander() override { succeed(); }
    void account() override
    {
        expect(counted_ == received_, "a signal was counted for other than those who got it");
    }
    void again(Yield& yield) override
    {
        const auto other = yield(Spawn([this](Yield& y) { got(y(operation())); }));
        succeed();
        yield(Join(other));
        account();
    }

private:
    std::size_t counted_ = 0;
    std::size_t received_ = 0;
};

/// Waits until there are two to be signalled; one is there. The bystander is content with one, but
/// came later: who gives up lets it go ahead.
struct SignalsTwo final : TrialOf<SignalsTwo> {
    using TrialOf::TrialOf;

    void prepare(Yield&) override { succeed(); }
    Signal<int> operation() const { return two(); }
    void got(std::size_t number)
    {
        expect(number == 2, "a signal with a wrong count");
        counted_ += number;
    }
    void succeed() override
    {
        scheduler().spawn([this](Yield& yield) { receive(yield); });
    }
    void bystand(Yield& yield) override
    {
        counted_ += yield(Signal("tick", 7).recipients(1));
        bystander_served_ = true;
    }
    void help_bystander() override
    {
        expect(bystander_served_ != got_value(), "the bystander went ahead, or not, wrongly");
        succeed();
    }
    void again(Yield& yield) override
    {
        counted_ += Signal("tick", 7).send(scheduler());  // whoever was not wanted
        succeed();
        succeed();
        counted_ += yield(two());
        yield(Pass());
        expect(counted_ == received_, "a signal was counted for other than those who got it");
    }

private:
    static Signal<int> two() { return std::move(Signal("tick", 7).recipients(2)); }
    void receive(Yield& yield)
    {
        yield(WaitForSignal<int>("tick"));
        ++received_;
    }

    std::size_t counted_ = 0;
    std::size_t received_ = 0;
    bool bystander_served_ = false;
};

}

std::vector<Row> coroutine_rows()
{
    return {
        row<Sleeps>("Sleep"),
        row<Sleeps>("Sleep", true),
        row<Passes>("Pass"),
        row<Calls>("Call"),
        row<Calls>("Call", true),
        row<Spawns>("Spawn"),
        row<Pulls>("Iterate"),
        row<Pulls>("Iterate", true),
        row<Produces>("Chunk"),
        row<Produces>("Chunk", true),
        row<Stops>("stop()"),
        row<Stops>("stop()", true),
        row<Joins>("Join"),
        row<Joins>("Join", true),
        row<WaitsForSignal>("WaitForSignal"),
        row<WaitsForSignal>("WaitForSignal", true),
        row<SignalsTwo>("Signal to two"),
        row<SignalsTwo>("Signal to two", true),
    };
}

}
