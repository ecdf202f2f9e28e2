#include "cogen/timers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

using namespace cogen;

namespace {

struct Alarm final : Timer {
    Alarm(int number_, std::vector<int>& rung_) : number(number_), rung(rung_) {}
    void expired() override { rung.push_back(number); }
    int number;
    std::vector<int>& rung;
};

constexpr TimePoint start{Duration(1s)};

}

TEST_CASE("timers expire in the order of their deadlines, equal ones as they were armed",
          "[timers]")
{
    Timers timers;
    std::vector<int> rung;
    Alarm a(0, rung), b(1, rung), c(2, rung), d(3, rung);
    timers.arm(a, 20ms);
    timers.arm(b, 10ms);
    timers.arm_at(c, start + 10ms);
    timers.arm(d, 10ms);
    timers.settle(start);
    timers.expire(start + 9ms);
    CHECK(rung.empty());
    timers.expire(start + 10ms);
    CHECK(rung == std::vector{1, 2, 3});
    timers.expire(start + 1h);
    CHECK(rung == std::vector{1, 2, 3, 0});
    CHECK(timers.empty());
}

TEST_CASE("to disarm one of two timers with the same deadline leaves the other", "[timers]")
{
    Timers timers;
    std::vector<int> rung;
    Alarm a(0, rung), b(1, rung);
    const bool settled = GENERATE(false, true);
    timers.arm(a, 1s);
    timers.arm(b, 1s);
    if (settled)
        timers.settle(start);
    timers.disarm(a);
    timers.disarm(a);  // once more does nothing
    timers.settle(start);
    timers.expire(start + 1s);
    CHECK(rung == std::vector{1});
}

TEST_CASE("timers do what a sorted list does, whatever is done to them", "[timers]")
{
    const auto seed = GENERATE(take(20, random(1u, 1'000'000u)));
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto below = [&](int limit) {
        return static_cast<int>(random() % static_cast<unsigned>(limit));
    };

    struct Expected {
        TimePoint deadline;
        int number;
    };
    Timers timers;
    std::vector<int> rung, expected_rung;
    std::vector<std::unique_ptr<Alarm>> alarms;
    std::vector<Expected> model;  // in the order of arming
    std::vector<std::pair<Duration, int>> fresh;
    for (int i = 0; i < 200; ++i)
        alarms.push_back(std::make_unique<Alarm>(i, rung));

    TimePoint now = start;
    const auto settle = [&] {
        timers.settle(now);
        for (auto [delay, number] : fresh)
            model.push_back({now + delay, number});
        fresh.clear();
    };
    for (int step = 0; step < 3000; ++step) {
        const int number = below(200);
        Alarm& alarm = *alarms[static_cast<std::size_t>(number)];
        switch (below(8)) {
        case 0:
        case 1:
        case 2:
            if (!alarm.armed()) {
                const Duration delay(below(50));
                timers.arm(alarm, delay);
                fresh.emplace_back(delay, number);
            }
            break;
        case 3:
        case 4:
        case 5:
            timers.disarm(alarm);
            std::erase_if(model, [&](const Expected& e) { return e.number == number; });
            std::erase_if(fresh, [&](const auto& f) { return f.second == number; });
            break;
        case 6:
            settle();
            break;
        default:
            settle();
            now += Duration(below(20));
            timers.expire(now);
            std::stable_sort(model.begin(), model.end(), [](const Expected& a, const Expected& b) {
                return a.deadline < b.deadline;
            });
            while (!model.empty() && model.front().deadline <= now) {
                expected_rung.push_back(model.front().number);
                model.erase(model.begin());
            }
        }
        REQUIRE(rung == expected_rung);
        REQUIRE(timers.empty() == (model.empty() && fresh.empty()));
    }
    CHECK(rung.size() > 100);
}
