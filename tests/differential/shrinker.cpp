#include "tests/differential/shrinker.hpp"

#include <algorithm>
#include <chrono>

namespace differential {
namespace {

using Steps = std::vector<Step>;

/// One after the other, it leaves out or makes simpler what it can, until that changes nothing.
class Shrinker {
public:
    Shrinker(Program program, const std::function<bool(const Program&)>& fails)
        : best_(std::move(program)), fails_(fails)
    {}

    Program shrink();

private:
    bool remove_coroutines();
    bool remove_steps();
    bool simplify_steps();
    bool remove_streams();
    bool simplify_streams();
    bool try_it(Program candidate);
    template <class Change>
    bool try_with(std::size_t list, std::size_t at, Change change);

    Program best_;
    const std::function<bool(const Program&)>& fails_;
    int left_ = 3000;
    std::chrono::steady_clock::time_point end_ =
        std::chrono::steady_clock::now() + std::chrono::seconds(30);
};

/// The lists of steps that a program has: those of its coroutines, and of the blocks in them.
void add_lists(Steps& steps, std::vector<Steps*>& lists)
{
    lists.push_back(&steps);
    for (Step& step : steps)
        add_lists(step.body, lists);
}

std::vector<Steps*> lists_of(Program& program)
{
    std::vector<Steps*> lists;
    for (Steps& steps : program.coroutines)
        add_lists(steps, lists);
    return lists;
}

/// The steps that are about what is gone.
void remove_marked(Program& program)
{
    for (std::size_t list = 0; list < lists_of(program).size(); ++list)
        std::erase_if(*lists_of(program)[list],
                      [](const Step& step) { return step.target < 0 || step.passed < 0; });
}

/// `change` says of each step's target what becomes of it; negative: the step goes.
template <class Change>
void change_targets(Program& program, Target kind, Change change)
{
    for (Steps* steps : lists_of(program)) {
        for (Step& step : *steps)
            if (target_of(step.kind) == kind)
                step.target = change(step.target);
    }
    remove_marked(program);
}

/// The same of the ends that are passed on.
template <class Change>
void change_passed(Program& program, Change change)
{
    for (Steps* steps : lists_of(program))
        for (Step& step : *steps)
            if (step.kind == Kind::send_descriptors)
                step.passed = change(step.passed);
    remove_marked(program);
}

Program without_coroutine(Program program, int gone)
{
    program.coroutines.erase(program.coroutines.begin() + gone);
    change_targets(program, Target::coroutine,
                   [&](int target) { return target == gone ? -1 : target - (target > gone); });
    return program;
}

Program without_stream(Program program, int gone)
{
    program.streams.erase(program.streams.begin() + gone);
    change_targets(program, Target::stream,
                   [&](int target) { return target == gone ? -1 : target - (target > gone); });
    const auto left_of = [&](int end) { return end / 2 == gone ? -1 : end - 2 * (end / 2 > gone); };
    change_targets(program, Target::end, left_of);
    change_passed(program, left_of);
    return program;
}

/// Steps that might do in its place, the simplest first.
Steps simpler_than(const Step& step, Order order)
{
    Steps all;
    const auto add = [&](auto change) {
        Step changed = step;
        change(changed);
        all.push_back(changed);
    };
    const auto add_kind = [&](Kind kind) { add([&](Step& changed) { changed.kind = kind; }); };
    if (step.limit > 0)
        add([](Step& changed) { changed.limit = 0; });
    if (step.amount > 1)
        add([](Step& changed) { changed.amount = 1; });
    if (step.amount > 1 && step.amount <= few_bytes)
        add([](Step& changed) { changed.amount /= 2; });
    if (step.kind == Kind::writev || step.kind == Kind::write_some)
        add_kind(Kind::write);
    if (step.kind == Kind::send_descriptors)
        add([](Step& changed) {
            changed.kind = Kind::write;
            changed.passed = 0;
        });
    if (step.kind == Kind::call)
        add_kind(Kind::spawn);
    const bool reads = step.kind == Kind::drain || step.kind == Kind::readv
                       || step.kind == Kind::read_exactly || step.kind == Kind::receive_descriptors;
    if (reads && order != Order::flows)  // where what one read gets may depend on time
        add_kind(Kind::read);
    return all;
}

/// A narrow stream must hold all that is written.
bool needs_width(Program& program, std::size_t stream)
{
    for (const Steps* steps : lists_of(program))
        for (const Step& step : *steps)
            if (target_of(step.kind) == Target::end && step.amount > few_bytes
                && static_cast<std::size_t>(step.target / 2) == stream)
                return true;
    return false;
}

/// For which the same steps make sense.
Stream::Kind simplest_like(const Stream& stream)
{
    return is_for_datagrams(stream) ? Stream::Kind::unix_datagrams : Stream::Kind::unix_pair;
}

Program Shrinker::shrink()
{
    while (simplify_streams() || remove_coroutines() || remove_steps() || remove_streams()
           || simplify_steps()) {}
    return std::move(best_);
}

bool Shrinker::try_it(Program candidate)
{
    if (left_ <= 0 || std::chrono::steady_clock::now() > end_)
        return false;
    --left_;
    if (!fails_(candidate))
        return false;
    best_ = std::move(candidate);
    return true;
}

bool Shrinker::remove_coroutines()
{
    bool any = false;
    for (int i = static_cast<int>(best_.coroutines.size()) - 1; i >= 0; --i)
        any |= try_it(without_coroutine(best_, i));
    return any;
}

template <class Change>
bool Shrinker::try_with(std::size_t list, std::size_t at, Change change)
{
    Program candidate = best_;
    Steps& steps = *lists_of(candidate)[list];
    change(steps, steps.begin() + static_cast<std::ptrdiff_t>(at));
    return try_it(std::move(candidate));
}

/// A block goes with all that is in it, or only what is around that.
bool Shrinker::remove_steps()
{
    bool any = false;
    for (std::size_t list = 0; list < lists_of(best_).size(); ++list)
        for (std::size_t at = lists_of(best_)[list]->size(); at-- > 0;) {
            const auto remove = [](Steps& steps, auto step) { steps.erase(step); };
            const auto unwrap = [](Steps& steps, auto step) {
                const Steps body = step->body;
                steps.insert(steps.erase(step), body.begin(), body.end());
            };
            if (try_with(list, at, remove))
                any = true;
            else if (!(*lists_of(best_)[list])[at].body.empty())
                any |= try_with(list, at, unwrap);
        }
    return any;
}

bool Shrinker::simplify_steps()
{
    bool any = false;
    for (std::size_t list = 0; list < lists_of(best_).size(); ++list)
        for (std::size_t at = 0; at < lists_of(best_)[list]->size(); ++at)
            for (const Step& simpler : simpler_than((*lists_of(best_)[list])[at], best_.order))
                if (try_with(list, at, [&](Steps&, auto step) { *step = simpler; })) {
                    any = true;
                    break;
                }
    return any;
}

bool Shrinker::remove_streams()
{
    bool any = false;
    for (int i = static_cast<int>(best_.streams.size()) - 1; i >= 0; --i)
        any |= try_it(without_stream(best_, i));
    return any;
}

bool Shrinker::simplify_streams()
{
    bool any = false;
    for (std::size_t i = 0; i < best_.streams.size(); ++i) {
        Program candidate = best_;
        candidate.streams[i].kind = simplest_like(best_.streams[i]);
        if (best_.streams[i].kind != candidate.streams[i].kind)
            any |= try_it(candidate);
        candidate = best_;
        candidate.streams[i].wide = false;
        if (best_.streams[i].wide && !needs_width(candidate, i))
            any |= try_it(candidate);
    }
    Program candidate = best_;
    candidate.ends_by_closing = false;
    if (best_.ends_by_closing)
        any |= try_it(std::move(candidate));
    return any;
}

}

Program shrunk(Program program, const std::function<bool(const Program&)>& fails)
{
    return Shrinker(std::move(program), fails).shrink();
}

std::size_t number_of_steps(const Program& program)
{
    Program copy = program;
    std::size_t number = 0;
    for (const Steps* steps : lists_of(copy))
        number += steps->size();
    return number;
}

}
