#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <list>
#include <optional>
#include <random>

using namespace cogen;

// Random programs of coroutines that sleep, signal, set deadlines and shields, and cancel each
// other, beside a model of them that knows nothing of ours: a list of timers, one of waiters, a
// queue. Both write down who takes which step when, and how it ends. With COGEN_SEED=7 in the
// environment it is the program of that seed alone.

namespace {

struct Step {
    enum Kind {
        pass,
        sleep,
        sleep_within,
        wait,
        wait_within,
        signal,
        hog,  // keeps the processor for a while
        spawn,
        cancel,
        deadline,
        shield,
        end,
    };
    Kind kind;
    int value = 0;  // milliseconds, a topic, or whom
    int limit = 0;  // milliseconds, of what stands within
};
using Body = std::vector<Step>;     // a deadline or a shield reaches to its `end`
using Program = std::vector<Body>;  // what each coroutine does; the first is spawned

struct Entry {
    int who;
    std::size_t step;
    std::string outcome;
    std::int64_t when;
    bool operator==(const Entry&) const = default;
};
using Trace = std::vector<Entry>;

std::ostream& operator<<(std::ostream& out, const Entry& entry)
{
    return out << entry.when << " ms: " << entry.who << '.' << entry.step << ' ' << entry.outcome;
}

class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}

    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

    Program program()
    {
        Program program(static_cast<std::size_t>(3 + below(10)));
        for (std::size_t self = 0; self < program.size(); ++self)
            add_steps(program, self, 2 + below(8), 0);
        return program;
    }

private:
    void add_steps(Program& program, std::size_t self, int count, int depth)
    {
        for (; count > 0; --count) {
            const auto kind =
                static_cast<Step::Kind>(below(depth < 3 ? Step::end : Step::deadline));
            Step step{kind, below(6), below(6)};
            if (kind == Step::spawn) {  // only later ones, so that it ends
                const int later = static_cast<int>(program.size() - self - 1);
                if (later == 0)
                    continue;
                step.value = static_cast<int>(self) + 1 + below(later);
            } else if (kind == Step::cancel) {
                step.value = below(static_cast<int>(program.size()));
            } else if (kind == Step::wait || kind == Step::wait_within || kind == Step::signal) {
                step.value = below(4);
            }
            program[self].push_back(step);
            if (kind == Step::deadline || kind == Step::shield) {
                add_steps(program, self, 1 + below(3), depth + 1);
                program[self].push_back({Step::end});
            }
        }
    }

    std::mt19937 random_;
};

/// The program, done by cogen.
class Real {
public:
    Real(World& world, const Program& program)
        : world_(world), program_(program), spawned_(program.size())
    {}

    Trace run()
    {
        for (std::size_t self = 0; self <= program_.size() / 2; ++self)
            spawn(static_cast<int>(self));
        world_.scheduler.run();
        return std::move(trace_);
    }

private:
    void spawn(int self)
    {
        if (!spawned_[static_cast<std::size_t>(self)])
            spawned_[static_cast<std::size_t>(self)] =
                world_.scheduler.spawn([this, self](Yield& yield) { begin(yield, self); });
    }

    void begin(Yield& yield, int self)
    {
        std::size_t at = 0;
        try {
            take_steps(yield, self, at);
            note(self, at, "ends");
        } catch (const Cancelled&) {
            note(self, at, "cancelled");
            throw;
        }
    }

    /// Up to the end of the body, or of the block.
    void take_steps(Yield& yield, int self, std::size_t& at)
    {
        const Body& body = program_[static_cast<std::size_t>(self)];
        while (at < body.size() && body[at].kind != Step::end) {
            take(yield, self, at);
            ++at;
        }
    }

    void take(Yield& yield, int self, std::size_t& at)
    {
        const Step step = program_[static_cast<std::size_t>(self)][at];
        const auto time = std::chrono::milliseconds(step.value);
        const auto limit = std::chrono::milliseconds(step.limit);
        const std::string topic = step.value == 0 ? "b" : "a";
        switch (step.kind) {
        case Step::pass:
            yield(Pass());
            return note(self, at, "passed");
        case Step::sleep:
            yield(Sleep(time));
            return note(self, at, "slept");
        case Step::sleep_within:
            return note(self, at, limited(yield, Sleep(time) | within(limit), "slept"));
        case Step::wait:
            return note(self, at, "got " + std::to_string(yield(WaitForSignal<int>(topic))));
        case Step::wait_within: {
            const auto [error, who] = yield(WaitForSignal<int>(topic) | within(limit) | as_tuple);
            return note(self, at, error ? "late" : "got " + std::to_string(who));
        }
        case Step::signal:
            return note(self, at, "woke " + std::to_string(yield(Signal(topic, self))));
        case Step::hog:
            world_.kernel->advance_to(world_.kernel->now() + time);
            return note(self, at, "hogged");
        case Step::spawn:
            spawn(step.value);
            return note(self, at, "spawned");
        case Step::cancel:
            if (const auto& handle = spawned_[static_cast<std::size_t>(step.value)])
                world_.scheduler.cancel(handle);
            return note(self, at, "cancelled it");
        case Step::deadline:
            return take_block(yield, self, at, time);
        case Step::shield:
            shielded(yield, [&] { take_steps(yield, self, ++at); });
            return note(self, at, "left");
        case Step::end:
            return;
        }
    }

    void take_block(Yield& yield, int self, std::size_t& at, std::chrono::milliseconds time)
    {
        const std::size_t begin = at;
        try {
            with_timeout(yield, time, [&] { take_steps(yield, self, ++at); });
            note(self, at, "left");
        } catch (const TimeoutError&) {
            at = end_of(program_[static_cast<std::size_t>(self)], begin);
            note(self, at, "out of time");
        }
    }

    template <class Op>
    std::string limited(Yield& yield, Op&& operation, const char* success)
    {
        const auto [error] = yield(operation | as_tuple);
        return error ? "late" : success;
    }

    void note(int self, std::size_t step, std::string outcome)
    {
        const auto time = world_.scheduler.now().time_since_epoch();
        trace_.push_back({self, step, std::move(outcome), time / 1ms - 1000});
    }

    World& world_;
    const Program& program_;
    std::vector<Handle<>> spawned_;
    Trace trace_;

public:
    static std::size_t end_of(const Body& body, std::size_t block)
    {
        int depth = 0;
        for (std::size_t at = block;; ++at) {
            depth += body[at].kind == Step::deadline || body[at].kind == Step::shield;
            depth -= body[at].kind == Step::end;
            if (depth == 0)
                return at;
        }
    }
};

/// What should happen, said as plainly as possible.
class Model {
public:
    explicit Model(const Program& program) : program_(program), walkers_(program.size()) {}

    Trace run()
    {
        for (std::size_t self = 0; self <= program_.size() / 2; ++self)
            spawn(static_cast<int>(self));
        while (!ready_.empty() || !timers_.empty())
            turn();
        ending_ = true;
        for (Walker* walker : alive_)
            cancel(*walker);
        while (!alive_.empty()) {
            if (ready_.empty() && timers_.empty())
                for (Walker* walker : alive_)  // they are stuck in shields
                    if (walker->waits && !walker->asked)
                        end_wait(*walker, "cancel");
            turn();
        }
        return std::move(trace_);
    }

private:
    struct Block {
        std::size_t begin;
        bool shield;
        bool passed = false;
    };
    struct Walker {
        int self = -1;
        std::size_t at = 0;
        std::list<Block> blocks;
        bool begun = false, cancelled = false;
        bool waits = false, asked = false;
        std::string outcome;  // of the step that it has waited for; "cancel": it is thrown there
    };
    struct Timer {
        bool fresh;
        std::int64_t deadline;  // while it is fresh, the delay
        int order;
        Walker* walker;
        Block* block;        // null: of a step
        std::string result;  // what the step comes to when it is over
    };

    void turn()
    {
        for (int left = 64; left > 0 && !ready_.empty();) {
            Walker& walker = *ready_.front();
            ready_.pop_front();
            go_on(walker, left);
        }
        for (Timer& timer : timers_)  // delays count from the end of the turn
            if (std::exchange(timer.fresh, false))
                timer.deadline += now_;
        const auto due = [&] { return !timers_.empty() && next()->deadline <= now_; };
        if (ready_.empty() && !timers_.empty())
            now_ = std::max(now_, next()->deadline);
        while (due()) {
            const Timer timer = *next();
            timers_.erase(next());
            if (timer.block)
                pass(*timer.walker, *timer.block);
            else
                end_wait(*timer.walker, timer.result);
        }
    }

    std::list<Timer>::iterator next()
    {
        return std::min_element(timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) {
            return std::pair(a.deadline, a.order) < std::pair(b.deadline, b.order);
        });
    }

    void set_timer(Walker& walker, std::int64_t delay, Block* block, std::string result)
    {
        timers_.push_back({true, delay, ++orders_, &walker, block, std::move(result)});
    }

    /// What the walker waits for is over. Its timers are gone, and it is ready.
    void end_wait(Walker& walker, std::string outcome)
    {
        std::erase_if(timers_, [&](const Timer& t) { return t.walker == &walker && !t.block; });
        for (auto& topic : topics_)
            std::erase(topic, &walker);
        walker.waits = false;
        walker.outcome = std::move(outcome);
        ready_.push_back(&walker);
    }

    /// The block that it must leave, the whole body ("all"), or nothing at all.
    struct Interruption {
        bool all = false;
        Block* block = nullptr;
        explicit operator bool() const { return all || block; }
    };
    static Interruption interruption(Walker& walker)
    {
        Block* passed = nullptr;
        for (auto block = walker.blocks.rbegin(); block != walker.blocks.rend(); ++block) {
            if (block->passed)
                passed = &*block;
            if (block->shield)
                return {false, passed};
        }
        return walker.cancelled ? Interruption{true} : Interruption{false, passed};
    }

    void interrupt(Walker& walker)
    {
        if (walker.waits && interruption(walker))
            end_wait(walker, "cancel");
    }
    void pass(Walker& walker, Block& block)
    {
        block.passed = true;
        interrupt(walker);
    }
    void cancel(Walker& walker)
    {
        if (std::find(alive_.begin(), alive_.end(), &walker) == alive_.end() || walker.cancelled)
            return;
        walker.cancelled = true;
        interrupt(walker);
    }

    void spawn(int self)
    {
        Walker& walker = walkers_[static_cast<std::size_t>(self)];
        if (walker.self >= 0)
            return;
        walker.self = self;
        walker.cancelled = ending_;
        alive_.push_back(&walker);
        ready_.push_back(&walker);
    }

    /// Resumes it. A yield that is refused goes on at once, and counts.
    void go_on(Walker& walker, int& left)
    {
        --left;
        if (!std::exchange(walker.begun, true)) {
            if (walker.cancelled)
                return gone(walker);
        } else if (walker.outcome == "cancel") {
            if (!leave(walker))
                return;
        } else {
            note(walker, walker.outcome);
            ++walker.at;
        }
        while (!ended(walker)) {
            const Step& step = body(walker)[walker.at];
            if (yields(step) && interruption(walker)) {
                --left;
                if (!leave(walker))
                    return;
                continue;
            }
            if (take(walker, step))
                return;
        }
        note(walker, "ends");
        gone(walker);
    }

    const Body& body(const Walker& walker) const
    {
        return program_[static_cast<std::size_t>(walker.self)];
    }
    bool ended(const Walker& walker) const { return walker.at == body(walker).size(); }
    static bool yields(const Step& step) { return step.kind <= Step::signal; }

    /// What interrupts it is thrown. False: it has gone altogether.
    bool leave(Walker& walker)
    {
        const Interruption why = interruption(walker);
        if (!why.block) {  // cancelled, or stuck in a shield
            note(walker, "cancelled");
            gone(walker);
            return false;
        }
        const std::size_t begin = why.block->begin;
        while (walker.blocks.back().begin != begin)
            drop_block(walker);
        drop_block(walker);
        walker.at = Real::end_of(body(walker), begin);
        note(walker, "out of time");
        ++walker.at;
        return true;
    }

    void drop_block(Walker& walker)
    {
        Block* const block = &walker.blocks.back();
        std::erase_if(timers_, [&](const Timer& timer) { return timer.block == block; });
        walker.blocks.pop_back();
    }

    void gone(Walker& walker)
    {
        while (!walker.blocks.empty())
            drop_block(walker);
        std::erase(alive_, &walker);
    }

    /// Takes a step. True: it waits now, or has its place in the queue.
    bool take(Walker& walker, const Step& step)
    {
        const auto wait = [&](std::initializer_list<std::pair<int, const char*>> timers) {
            walker.waits = true;
            for (const auto& [delay, result] : timers)
                set_timer(walker, delay, nullptr, result);
            return true;
        };
        auto& topic = topics_[step.value == 0 ? 1 : 0];
        switch (step.kind) {
        case Step::pass:
            end_wait(walker, "passed");
            return true;
        case Step::sleep:
            return wait({{step.value, "slept"}});
        case Step::sleep_within:
            return wait({{step.value, "slept"}, {step.limit, "late"}});
        case Step::wait:
            topic.push_back(&walker);
            return wait({});
        case Step::wait_within:
            topic.push_back(&walker);
            return wait({{step.limit, "late"}});
        case Step::signal: {
            const auto woken = std::exchange(topic, {});
            for (Walker* other : woken)
                end_wait(*other, "got " + std::to_string(walker.self));
            end_wait(walker, "woke " + std::to_string(woken.size()));
            return true;
        }
        case Step::hog:
            now_ += step.value;
            note(walker, "hogged");
            break;
        case Step::spawn:
            spawn(step.value);
            note(walker, "spawned");
            break;
        case Step::cancel:
            cancel(walkers_[static_cast<std::size_t>(step.value)]);
            note(walker, "cancelled it");
            break;
        case Step::deadline:
        case Step::shield:
            walker.blocks.push_back({walker.at, step.kind == Step::shield});
            if (step.kind == Step::deadline)
                set_timer(walker, step.value, &walker.blocks.back(), "");
            break;
        case Step::end:
            drop_block(walker);
            note(walker, "left");
        }
        ++walker.at;
        return false;
    }

    void note(const Walker& walker, std::string outcome)
    {
        trace_.push_back({walker.self, walker.at, std::move(outcome), now_});
    }

    const Program& program_;
    std::vector<Walker> walkers_;
    std::vector<Walker*> alive_;
    std::deque<Walker*> ready_;
    std::list<Timer> timers_;
    std::vector<Walker*> topics_[2];
    std::int64_t now_ = 0;
    int orders_ = 0;
    bool ending_ = false;
    Trace trace_;
};

}

TEST_CASE("random programs are interrupted where, when and how the model says",
          "[cancel][with_timeout][signal][random]")
{
    const char* const wish = std::getenv("COGEN_SEED");
    const auto seed = wish ? static_cast<unsigned>(std::stoul(wish))
                           : GENERATE(take(1500, random(1u, 1'000'000'000u)));
    INFO("the seed is " << seed);
    const Program program = Dice(seed).program();
    World world("poll");
    const Trace real = Real(world, program).run();
    const Trace model = Model(program).run();
    const auto [ours, theirs] = std::mismatch(real.begin(), real.end(), model.begin(), model.end());
    INFO("they agree on " << ours - real.begin() << " steps");
    INFO("then cogen has:   " << (ours == real.end() ? Entry{} : *ours));
    INFO("and the model has: " << (theirs == model.end() ? Entry{} : *theirs));
    CHECK((real == model));
}
