#include "cogen/clock.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("durations print in the largest unit that shows them", "[clock]")
{
    CHECK(to_string(1s) == "1s");
    CHECK(to_string(1500ms) == "1.5s");
    CHECK(to_string(20ms) == "20ms");
    CHECK(to_string(700ns) == "700ns");
    CHECK(to_string(Duration(0)) == "0ns");
    CHECK(to_string(-2ms) == "-2ms");
    CHECK(to_string(90min) == "5400s");
}

TEST_CASE("durations and points in time saturate", "[clock]")
{
    CHECK(saturated(std::chrono::hours::max()) == Duration::max());
    CHECK(saturated(std::chrono::hours::min()) == Duration::min());
    CHECK(saturated(3us) == Duration(3000));
    CHECK(saturated(std::chrono::duration<double>(0.5)) == 500ms);
    CHECK(after(TimePoint(5s), Duration::max()) == TimePoint::max());
    CHECK(after(TimePoint(-5s), Duration::min()) == TimePoint::min());
    CHECK(after(TimePoint(5s), -7s) == TimePoint(-2s));
}
