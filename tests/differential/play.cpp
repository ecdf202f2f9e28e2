#include "tests/differential/play.hpp"

#include "tests/differential/actor.hpp"
#include "tests/support/faulty.hpp"

#include <algorithm>
#include <sstream>

using namespace cogen;

namespace differential {
namespace {

constexpr auto end_of_play = 1h + 15ms;  // an instant that is no coroutine's

/// Which of the first few hundred descriptors are open.
std::vector<int> open_descriptors(Kernel& kernel, const std::string& reactor)
{
    constexpr int enough = 256;
    const int first = reactor == "memory" ? 100'000 : 0;
    std::vector<pollfd> list;
    for (int i = 0; i < enough; ++i)
        list.push_back({first + i, 0, 0});
    kernel.poll(list, Duration::zero());
    std::vector<int> open;
    for (const pollfd& entry : list)
        if ((entry.revents & POLLNVAL) == 0)
            open.push_back(entry.fd);
    return open;
}

/// Brings the actors on, looks at them when they are at rest, and at what is left in the end.
class Director {
public:
    explicit Director(Stage& stage) : stage_(stage) {}

    void direct(Yield& yield);
    void look_back(const Report& report);

private:
    void guard_opening(Yield& yield);
    void wait_for_rest(Yield& yield);
    void end(Yield& yield);
    bool all_over() const;
    bool nobody_waits() const;
    int who_could_go_on() const;

    Stage& stage_;
    bool opened_ = false;
};

void Director::direct(Yield& yield)
{
    if (stage_.network.takes_time())
        stage_.scheduler.spawn([this](Yield& y) { guard_opening(y); });
    stage_.network.open(yield);
    opened_ = true;
    stage_.start = stage_.scheduler.now();
    for (std::size_t self : first_ones(stage_.program))
        stage_.actors[self]->begin();
    yield(Sleep(stage_.start + end_of_play));
    wait_for_rest(yield);
    end(yield);
}

/// Connections are made with whatever the reactor has of bugs, too.
void Director::guard_opening(Yield& yield)
{
    for (int left = 2000; left > 0 && !opened_; --left) {
        yield(Sleep(1ms));
        if (!opened_)
            stage_.kernel->poll({}, 1ms);
    }
    if (!opened_) {
        stage_.fault("the connections did not come about");
        stage_.scheduler.stop();
    }
}

/// By now nothing moves any more, and nobody waits for what he could have. Only what goes by
/// the network may be under way still, and virtual time does not wait for that.
void Director::wait_for_rest(Yield& yield)
{
    const bool slow = stage_.network.takes_time();
    const bool all_end = slow && stage_.program.order == Order::flows;
    for (int rounds = 0;; ++rounds) {
        const bool somebody_could = who_could_go_on() >= 0;
        if (!somebody_could && (!all_end || all_over()))
            return;
        if (rounds >= (!slow ? 2 : somebody_could ? 50 : 1000))
            break;
        const std::size_t before = stage_.witness.number_of_wakes();
        if (slow)
            stage_.kernel->poll({}, 1ms);
        yield(Sleep(1ms));
        if (stage_.witness.number_of_wakes() > before + 1)  // not only the director
            rounds = 0;
    }
    if (const int who = who_could_go_on(); who >= 0)
        stage_.fault("coroutine " + std::to_string(who) + " waits for what it could have");
}

bool Director::all_over() const
{
    return std::none_of(stage_.actors.begin(), stage_.actors.end(),
                        [](const auto& actor) { return actor->alive(); });
}

/// None: -1.
int Director::who_could_go_on() const
{
    for (std::size_t i = 0; i < stage_.actors.size(); ++i)
        if (std::optional<pollfd> one = stage_.actors[i]->pending())
            if (stage_.kernel->poll({&*one, 1}, Duration::zero()) != 0)
                return static_cast<int>(i);
    return -1;
}

/// Those who are left are told to end. Others wait for them until the end of run(), who, when all
/// descriptors are closed, wait for nothing but each other.
void Director::end(Yield& yield)
{
    for (const auto& actor : stage_.actors)
        if (actor->alive())
            stage_.count_order(left_over);
    const bool closes = stage_.program.ends_by_closing;
    if (closes)
        stage_.network.close(yield, stage_.tick());
    else
        for (const auto& actor : stage_.actors)
            actor->cancel();
    yield(Sleep(1min));
    for (int left = 200; left > 0 && !(closes ? nobody_waits() : all_over()); --left) {
        stage_.kernel->poll({}, 1ms);
        yield(Sleep(1ms));
    }
    if (closes ? nobody_waits() : all_over())
        return;
    stage_.fault(closes ? "somebody waits for a descriptor that was closed"
                        : "somebody was cancelled, and did not end");
    stage_.scheduler.stop();
}

bool Director::nobody_waits() const
{
    return std::none_of(stage_.actors.begin(), stage_.actors.end(),
                        [](const auto& actor) { return actor->pending().has_value(); });
}

void Director::look_back(const Report& report)
{
    const auto expect = [&](bool true_thing, const std::string& otherwise) {
        if (!true_thing)
            stage_.fault(otherwise);
    };
    const auto failed =
        static_cast<std::size_t>(std::count_if(stage_.actors.begin(), stage_.actors.end(),
                                               [](const auto& actor) { return actor->failed(); }));
    expect(report.finished == stage_.witness.number_spawned(), "run() forgot a coroutine");
    expect(report.finished == stage_.witness.number_ended(), "a coroutine did not end once");
    expect(report.failed == failed,
           std::to_string(failed) + " coroutines failed, and run() tells of "
               + std::to_string(report.failed)
               + (report.failures.empty() ? "" : ": " + report.failures.front().what));
    expect(all_over(), "a coroutine is alive after run()");
    expect(stage_.scheduler.reactor().empty(), "the reactor has an operation left");
    expect(stage_.scheduler.timers().empty(), "a timer is left");
    for (const std::string& fault : stage_.witness.faults())
        stage_.fault(fault);
    for (const std::string& fault : stage_.network.faults())
        stage_.fault(fault);
    if (!report.stuck.empty())
        stage_.count_order(was_stuck);
}

std::string words_of(const Report& report)
{
    std::ostringstream words;
    words << report.finished << " finished, " << report.failed << " failed";
    for (const Status& stuck : report.stuck)
        words << ", stuck: " << stuck.coroutine << ' ' << stuck.operation;
    return words.str();
}

}

Stage::Stage(const Program& the_program, const std::string& reactor, Coverage& the_coverage,
             const Decorator& decorate)
    : program(the_program),
      coverage(the_coverage),
      kernel(kernel_for(reactor)),
      scheduler(decorate ? decorate(reactor_named(reactor, *kernel))
                         : reactor_named(reactor, *kernel)),
      network(program, scheduler)
{
    scheduler.attach(witness);
    scheduler.attach(guard);
    scheduler.on_exception([](const Record&, const std::exception_ptr&) {});  // the report has it
    for (std::size_t i = 0; i < program.coroutines.size(); ++i)
        actors.push_back(std::make_unique<Actor>(*this, static_cast<int>(i)));
}

Stage::~Stage()
{
    scheduler.detach(witness);
    scheduler.detach(guard);
}

Outcome play(const Program& program, const std::string& reactor, Coverage& coverage,
             const Decorator& decorate)
{
    auto stage = std::make_unique<Stage>(program, reactor, coverage, decorate);
    const std::vector<int> open_before = open_descriptors(*stage->kernel, reactor);
    Director director(*stage);
    stage->scheduler.spawn([&](Yield& yield) { director.direct(yield); });
    for (const Stream& stream : program.streams)
        coverage.count("streams", name_of(stream.kind));
    const Report report = stage->scheduler.run();
    const bool stopped = stage->witness.number_ended() < stage->witness.number_spawned();
    if (stopped) {
        stage->fault("it did not come to its end");
    } else {
        stage->network.close();
        director.look_back(report);
        if (open_descriptors(*stage->kernel, reactor) != open_before)
            stage->fault("a descriptor is left open");
    }
    Outcome outcome{reactor, {}, words_of(report), stage->faults};
    for (const auto& actor : stage->actors)
        outcome.logs.push_back(actor->log());
    if (stopped)
        static_cast<void>(stage.release());  // for ever: its scheduler could not end either
    return outcome;
}

std::string failure_of(const Program& program, Coverage& coverage)
{
    std::vector<Outcome> outcomes;
    for (const std::string& reactor : predictable_reactors())
        if (reactor != "memory" || !passes_descriptors(program))  // which passes none on
            outcomes.push_back(play(program, reactor, coverage));
    return failure_among(program, outcomes);
}

std::string failure_of(const Program& program)
{
    Coverage unused;
    return failure_of(program, unused);
}

}
