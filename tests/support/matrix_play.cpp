#include "tests/support/matrix_play.hpp"

#include <algorithm>

using namespace cogen;

namespace matrix {
namespace {

/// How many operations that are complete at once a coroutine may yield before it is the others'
/// turn: the last of them is complete, and its coroutine waits for its turn.
int until_it_is_the_others_turn()
{
    Scheduler scheduler("poll");
    int yields = 0;
    int seen = 0;
    const auto done = scheduler.spawn([](Yield&) {});
    scheduler.spawn([&](Yield& yield) {
        while (seen == 0) {
            ++yields;
            yield(Join(done));
        }
    });
    scheduler.spawn([&](Yield&) { seen = yields; });
    scheduler.run();
    return seen;
}

/// The parts: the subject yields the operation, a bystander waits for the like, and the director
/// has happen to them what the cell says.
class Play {
public:
    Play(const Row& row, const Cell& cell) : row_(row), stage_(cell), trial_(row.make(stage_)) {}

    /// While there still is what the coroutines have to do with.
    ~Play() { stage_.end_scheduler(); }
    Play(const Play&) = delete;
    Play& operator=(const Play&) = delete;

    Outcome perform();

private:
    const Cell& cell() const { return stage_.cell(); }
    Scheduler& scheduler() { return stage_.scheduler(); }
    bool subject_waits() const { return subject_.record().state() == State::waiting; }

    void direct(Yield& yield);
    void approach(Yield& yield);
    void subject(Yield& yield);
    void bystander(Yield& yield);
    void act(Yield& yield);
    void act_beside_one_complete_at_once(Yield& yield);
    void let_time_run_out(Yield& yield);
    void let_somebody_end_it(Yield& yield);
    void let_scheduler_end(Yield& yield);
    void end_it(End end);
    Duration time_of_end() const;
    void until_succeeded(Yield& yield);
    void succeed_between_run_and_end();
    void look_back(Yield& yield);
    template <class Body>
    void in_due_time(Yield& yield, const std::string& what, Body body);
    std::string word() const;

    const Row& row_;
    Stage stage_;
    std::unique_ptr<Trial> trial_;
    Handle<> subject_;
    Handle<> bystander_;
    TimePoint start_;
    TimePoint passed_;
    TimePoint finish_;
    std::string first_;
    std::string second_;
    std::string bystanders_;
    int passes_ = 0;
    bool approached_ = false;
    bool no_effect_ = false;
};

Outcome Play::perform()
{
    const std::vector<int> free_before = stage_.free_numbers();
    scheduler().spawn([this](Yield& yield) {
        try {
            direct(yield);
        } catch (const std::exception& error) {
            stage_.expect(false, std::string("the director failed: ") + error.what());
            scheduler().stop();  // or those who wait for help would wait for ever
        }
    });
    const Report report = scheduler().run();
    stage_.expect(report.failed == 0, "a coroutine failed");
    stage_.expect(report.stuck.empty(), "a coroutine was stuck");
    if (cell().end == End::scheduler_ends) {
        succeed_between_run_and_end();
        stage_.end_scheduler();
        const bool helped = row_.shares_success && trial_->got_value();
        stage_.expect(bystanders_ == (row_.complete_at_once || helped ? "value" : "cancelled"),
                      "the bystander got: " + bystanders_);
        trial_->account();
    } else {
        stage_.expect(scheduler().now() == finish_, "a timer was left");
        stage_.expect(stage_.free_numbers() == free_before, "a descriptor was left open");
    }
    stage_.expect(subject_ && subject_.finished(), "the coroutine has not ended");
    stage_.expect(passes_ == 1, "the yield returned " + std::to_string(passes_) + " times");
    return {word(), stage_.faults()};
}

std::string Play::word() const
{
    if (no_effect_ && first_ == "value" && second_ == "value")
        return "no effect";
    const bool says_more = second_ != "value" && !(first_ == "cancelled" && second_ == first_);
    return says_more ? first_ + ", " + second_ : first_;
}

void Play::direct(Yield& yield)
{
    trial_->prepare(yield);
    start_ = scheduler().now();
    subject_ = scheduler().spawn([this](Yield& y) { subject(y); });
    bystander_ = scheduler().spawn([this](Yield& y) { bystander(y); });
    act(yield);
    look_back(yield);
    finish_ = scheduler().now();
}

void Play::subject(Yield& yield)
{
    if (row_.complete_at_once)
        approach(yield);
    const Duration time = time_for(cell(), row_.complete_at_once);
    if (cell().end == End::scheduler_timeout)
        scheduler().default_timeout(time);
    first_ = word_from([&] {
        if (cell().end != End::with_timeout)
            return trial_->yield_it(yield);
        return with_timeout(yield, time, [&] { return trial_->yield_it(yield); });
    });
    ++passes_;
    passed_ = stage_.kernel().now();
    second_ = word_from([&] {
        yield(Pass());
        return std::string("value");
    });
}

/// One that is complete at once is ended, if at all, before it is yielded, or when it is complete
/// and its coroutine has not gone on yet.
void Play::approach(Yield& yield)
{
    if (cell().order == Order::success_first) {
        static const int yields = until_it_is_the_others_turn();
        const auto done = scheduler().spawn([](Yield&) {});
        yield(Join(done));
        yield(Pass());
        approached_ = true;  // and nobody has a turn from here on, until it is complete
        for (int i = 1; i < yields; ++i)
            yield(Join(done));
    } else if (cell().end == End::scheduler_ends) {
        yield(Sleep(start_ + 1s));
    } else {
        yield(Pass());
    }
}

void Play::bystander(Yield& yield)
{
    scheduler().default_timeout(std::nullopt);  // that was for the subject, which has begun
    bystanders_ = word_from([&] {
        trial_->bystand(yield);
        return std::string("value");
    });
}

void Play::act(Yield& yield)
{
    if (cell().end == End::scheduler_ends)
        let_scheduler_end(yield);
    else if (row_.complete_at_once)
        act_beside_one_complete_at_once(yield);
    else if (is_of_time(cell().end))
        let_time_run_out(yield);
    else
        let_somebody_end_it(yield);
}

void Play::act_beside_one_complete_at_once(Yield& yield)
{
    yield(Pass());
    while (cell().order == Order::success_first && !approached_)
        yield(Pass());
    if (is_of_time(cell().end) && cell().order == Order::success_first)
        stage_.advance(limit);
    end_it(cell().end);
    if (cell().order == Order::twice)
        end_it(cell().end == End::cancel ? End::raise : End::cancel);
}

/// Of timers for the same instant the one that was set first expires first. So the director goes
/// before the subject, whose time has just run out, or after it.
void Play::let_time_run_out(Yield& yield)
{
    switch (cell().order) {
    case Order::alone:
        yield(Sleep(limit + 1s));
        if ((no_effect_ = subject_waits()))
            trial_->succeed();
        break;
    case Order::in_time:
        yield(Sleep(1s));
        trial_->succeed();
        break;
    case Order::success_first:
        yield(Sleep(1s));
        trial_->succeed();
        stage_.advance(limit);
        break;
    case Order::end_first:
        yield(Sleep(start_ + limit));
        trial_->succeed();
        break;
    case Order::same_instant:
        yield(Pass());
        yield(Sleep(start_ + limit));
        trial_->succeed();
        break;
    case Order::twice:
        yield(Sleep(start_ + limit));
        end_it(End::cancel);
        break;
    case Order::unnoticed:  // the reactor looks before any timer expires: as success_first
        break;
    }
}

void Play::let_somebody_end_it(Yield& yield)
{
    yield(Sleep(1s));
    stage_.expect(subject_waits(), "it did not even wait");
    if (cell().end == End::success) {
        trial_->succeed();
        return;
    }
    if (cell().order == Order::success_first || cell().order == Order::unnoticed)
        trial_->succeed();
    if (cell().order == Order::success_first)
        until_succeeded(yield);
    end_it(cell().end);
    if (cell().order == Order::end_first)
        trial_->succeed();
    if (cell().order == Order::twice)
        end_it(cell().end == End::cancel ? End::raise : End::cancel);
}

/// The scheduler ends when run() has returned. The director then still does something before the
/// subject has its turn.
void Play::let_scheduler_end(Yield& yield)
{
    yield(Pass());
    if (row_.complete_at_once)
        stage_.advance(1s);  // in this turn still the subject becomes ready to yield it
    else
        yield(Sleep(1s));
    scheduler().stop();
    try {
        yield(Sleep(24h));
    } catch (const Cancelled&) {
        if (cell().order == Order::end_first)
            trial_->succeed();
        if (cell().order == Order::twice)
            end_it(End::raise);
        throw;
    }
}

void Play::succeed_between_run_and_end()
{
    if (cell().order == Order::success_first || cell().order == Order::unnoticed)
        trial_->succeed();
    if (cell().order != Order::success_first)
        return;
    for (int turn = 0; turn < 5 && !trial_->succeeded(subject_.record()); ++turn) {
        scheduler().spawn([this](Yield&) { scheduler().stop(); });
        scheduler().run();
    }
}

void Play::end_it(End end)
{
    if (end == End::cancel)
        scheduler().cancel(subject_);
    else if (end == End::raise)
        scheduler().raise(subject_, Eggs());
    else if (end == End::close)
        trial_->close();
}

/// The director has its turn before the subject, since it became ready before it.
void Play::until_succeeded(Yield& yield)
{
    for (int i = 0; i < 1000 && !trial_->succeeded(subject_.record()); ++i)
        yield(Pass());
    stage_.expect(trial_->succeeded(subject_.record()) && passes_ == 0,
                  "there was no moment between the success and its delivery");
}

/// What must be so in each cell.
void Play::look_back(Yield& yield)
{
    in_due_time(yield, "the subject", [this](Yield& y) { y(Join(subject_)); });
    stage_.expect((first_ == "value") == trial_->got_value(), "a value that was none");
    if (cell().order == Order::alone && cell().end != End::success && !no_effect_)
        stage_.expect(passed_ - start_ == time_of_end(), "it took " + to_string(passed_ - start_));
    trial_->help_bystander();
    in_due_time(yield, "the bystander", [this](Yield& y) { y(Join(bystander_)); });
    const bool shared = cell().end == End::close && row_.shares_descriptor;
    stage_.expect(bystanders_ == (shared ? "closed" : "value"),
                  "the bystander got: " + bystanders_);
    trial_->account();
    in_due_time(yield, "another operation", [this](Yield& y) { trial_->again(y); });
    trial_->clear();
    stage_.expect(scheduler().timers().empty(), "a timer was left");
    stage_.expect(scheduler().reactor().empty(), "the reactor still has an operation");
}

/// How long it takes where nothing but the end happens.
Duration Play::time_of_end() const
{
    if (row_.complete_at_once)
        return Duration::zero();
    return is_of_time(cell().end) ? limit : Duration(1s);
}

/// Runs `body`, unless it takes a day: then something has been lost.
template <class Body>
void Play::in_due_time(Yield& yield, const std::string& what, Body body)
{
    const auto part = scheduler().spawn([this, what, body](Yield& y) {
        const std::string end = word_from([&] {
            body(y);
            return std::string("value");
        });
        stage_.expect(end == "value" || (what == "the subject" && end == "cancelled"),
                      what + " ended so: " + end);
    });
    const auto [late] = yield(Join(part) | within(24h) | as_tuple);
    stage_.expect(!late, what + " did not come to its end");
    if (late)
        scheduler().cancel(part);
}

}

Outcome play(const Row& row, const Cell& cell) { return Play(row, cell).perform(); }

}
