#include "tests/kqueue_model/flavours.hpp"
#include "tests/kqueue_model/verdicts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kqueue_model;

// What is proven with a kqueue that is played is worth what the play is: so it is asked what a real
// one was asked, and has to answer the same.

namespace {

Answer answer_on(const Row& row, const std::string& reactor)
{
    return reactor == "kqueue-netbsd"    ? row.netbsd
           : reactor == "kqueue-freebsd" ? row.freebsd
                                         : row.darwin;
}

const Row* row_of(const std::string& behaviour)
{
    const auto found = std::find_if(verdicts().begin(), verdicts().end(),
                                    [&](const Row& row) { return row.behaviour == behaviour; });
    return found == verdicts().end() ? nullptr : &*found;
}

}

TEST_CASE("a played kqueue answers the probe as the system does that it stands for", "[kqueue]")
{
    const Flavour flavour = GENERATE(from_range(flavours()));
    INFO(flavour.reactor);
    int compared = 0;
    for (const Verdict& verdict : flavour.probe()) {
        INFO(verdict.behaviour << ": " << verdict.observed);
        const Row* const row = row_of(verdict.behaviour);
        REQUIRE(row);
        const Answer answer = answer_on(*row, flavour.reactor);
        if (!row->model.empty() || answer == Answer::unknown)
            continue;
        CHECK(verdict.as_expected == (answer == Answer::expected));
        ++compared;
    }
    const auto known = std::count_if(verdicts().begin(), verdicts().end(), [&](const Row& row) {
        return row.model.empty() && answer_on(row, flavour.reactor) != Answer::unknown;
    });
    CHECK(compared == known);
}

TEST_CASE("of what a NetBSD kernel was asked most is played, and the rest says why not", "[kqueue]")
{
    const auto measured = [](const Row& row) { return row.netbsd != Answer::unknown; };
    const auto left_out = [&](const Row& row) { return measured(row) && !row.model.empty(); };
    CHECK(std::count_if(verdicts().begin(), verdicts().end(), measured) == 52);
    CHECK(std::count_if(verdicts().begin(), verdicts().end(), left_out) == 7);
}
