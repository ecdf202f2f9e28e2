#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <map>
#include <random>

using namespace cogen;

// Random programs of coroutines that pass, sleep, spawn and end, beside a model of a few lines that
// says in which order they must take their steps.

namespace {

struct Step {
    enum Kind { pass, sleep, spawn } kind;
    int value = 0;  // milliseconds to sleep, or the program to spawn
};
using Program = std::vector<std::vector<Step>>;  // what each coroutine does; the first is spawned

Program random_program(std::mt19937& random)
{
    const auto below = [&](std::size_t limit) { return random() % limit; };
    Program program(2 + below(12));
    for (std::size_t self = 0; self < program.size(); ++self)
        for (std::size_t left = below(12); left > 0; --left) {
            switch (below(3)) {
            case 0:
                program[self].push_back({Step::pass});
                break;
            case 1:
                program[self].push_back({Step::sleep, static_cast<int>(below(5))});
                break;
            default:  // only later ones, so that it ends
                if (self + 1 < program.size())
                    program[self].push_back(
                        {Step::spawn,
                         static_cast<int>(self + 1 + below(program.size() - self - 1))});
            }
        }
    return program;
}

using Trace = std::vector<std::pair<int, std::size_t>>;  // who takes which step

void run(Yield& yield, const Program& program, int self, Trace& trace)
{
    const auto& steps = program[static_cast<std::size_t>(self)];
    for (std::size_t i = 0; i < steps.size() && trace.size() < 5000; ++i) {
        trace.emplace_back(self, i);
        switch (steps[i].kind) {
        case Step::pass:
            yield(Pass());
            break;
        case Step::sleep:
            yield(Sleep(std::chrono::milliseconds(steps[i].value)));
            break;
        case Step::spawn:
            yield(Spawn(run, std::cref(program), steps[i].value, std::ref(trace)));
        }
    }
}

/// First come, first served; a turn of 64; delays count from its end; time jumps when all sleep.
Trace model(const Program& program)
{
    struct Walker {
        int self;
        std::size_t step = 0;
    };
    Trace trace;
    std::deque<Walker> ready{{0}};
    std::multimap<int, Walker> sleeping;  // equal keys keep their order
    int now = 0;
    while (!ready.empty() || !sleeping.empty()) {
        std::vector<std::pair<int, Walker>> fresh;
        for (int left = 64; left > 0 && !ready.empty(); --left) {
            Walker walker = ready.front();
            ready.pop_front();
            const auto& steps = program[static_cast<std::size_t>(walker.self)];
            if (walker.step == steps.size() || trace.size() >= 5000)
                continue;
            trace.emplace_back(walker.self, walker.step);
            const Step step = steps[walker.step++];
            if (step.kind == Step::sleep) {
                fresh.emplace_back(step.value, walker);
                continue;
            }
            if (step.kind == Step::spawn)
                ready.push_back({step.value});
            ready.push_back(walker);
        }
        for (auto& [delay, walker] : fresh)
            sleeping.emplace(now + delay, walker);
        if (ready.empty() && !sleeping.empty())
            now = std::max(now, sleeping.begin()->first);
        while (!sleeping.empty() && sleeping.begin()->first <= now) {
            ready.push_back(sleeping.begin()->second);
            sleeping.erase(sleeping.begin());
        }
    }
    return trace;
}

}

TEST_CASE("random programs take their steps in the order that the model says",
          "[scheduler][random]")
{
    const auto seed = GENERATE(take(300, random(1u, 1'000'000'000u)));
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Program program = random_program(random);
    Trace trace;
    World world("poll");
    world.scheduler.spawn(run, std::cref(program), 0, std::ref(trace));
    CHECK(world.scheduler.run().stuck.empty());
    CHECK((trace == model(program)));
}
