#include "tests/support/contract_table.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace {

/// A behaviour that is played on these, and comes to nothing bad.
void play(ContractTable& table, const std::string& behaviour, std::vector<std::string> reactors)
{
    table.begin(behaviour, "group");
    for (const std::string& reactor : reactors) {
        table.on(reactor);
        table.played(false);
    }
    table.end();
}

std::string printed(const ContractTable& table)
{
    std::ostringstream out;
    table.print(out);
    return out.str();
}

}

TEST_CASE("the table of the contract has what came of each behaviour, and the reasons in words",
          "[contract_table]")
{
    ContractTable table({"a", "b", "c"});
    play(table, "it works", {"a", "b", "c"});

    table.begin("it works somewhere", "another group");
    table.not_applicable("c", "it has no use for it");
    table.on("a");
    table.played(true);
    table.on("b");
    table.skip("no luck today");
    table.played(false);
    table.end();

    CHECK(printed(table)
          == "\n"
             "The contract          a       b            c\n"
             "group\n"
             "  it works            passed  passed       passed\n"
             "another group\n"
             "  it works somewhere  FAILED  skipped [1]  - [2]\n"
             "\n"
             "[1] skipped on b: no luck today\n"
             "[2] not on c: it has no use for it\n");
    CHECK(table.totals()
          == "contract: 2 behaviours x 3 reactors: 3 passed, 1 failed, 1 skipped, "
             "1 not applicable");
    CHECK(table.holes().empty());
}

TEST_CASE("in short it counts what has passed in each group, and still has the reasons",
          "[contract_table]")
{
    ContractTable table({"a", "b"});
    play(table, "it works", {"a", "b"});
    play(table, "it works again", {"a", "b"});
    for (const char* const behaviour : {"it works somewhere", "and so does that"}) {
        table.begin(behaviour, "group");
        table.not_applicable("b", "it has no use for it");
        table.on("a");
        table.played(behaviour[0] == 'a');
        table.end();
    }
    std::ostringstream out;
    table.print_counts(out);
    CHECK(out.str()
          == "\n"
             "The contract  a            b\n"
             "group         3, 1 FAILED  2 [1]\n"
             "\n"
             "[1] not on b: it has no use for it\n");
}

TEST_CASE("a reason is said once, of all whom it concerns", "[contract_table]")
{
    ContractTable table({"a", "b", "c"});
    for (const char* const behaviour : {"it works somewhere", "and so does that"}) {
        table.begin(behaviour, "group");
        table.not_applicable("b", "it has no use for it");
        table.not_applicable("c", "it has no use for it");
        table.on("a");
        table.played(false);
        table.end();
    }
    CHECK_THAT(printed(table), Catch::EndsWith("\n\n[1] not on b, c: it has no use for it\n"));
}

TEST_CASE("what is not applicable on any reactor is no hole, unless it fails", "[contract_table]")
{
    const bool failed = GENERATE(false, true);
    ContractTable table({"a"});
    table.begin("it works", "group");
    table.not_applicable("a", "it has no use for it");
    table.applies_nowhere();
    table.played(failed);
    table.end();
    CHECK(table.holes().empty() == !failed);
    CHECK(table.totals()
          == "contract: 1 behaviours x 1 reactors: 0 passed, 0 failed, 0 skipped, "
             "1 not applicable");
}

TEST_CASE("what fails once on a reactor has failed there, however often it passes",
          "[contract_table]")
{
    ContractTable table({"a", "b"});
    table.begin("it works", "group");
    for (const char* const reactor : {"a", "b"})
        for (const bool failed : {false, true, false}) {
            table.on(reactor);
            table.played(failed && reactor == std::string("b"));
        }
    table.end();
    CHECK(printed(table).find("it works    passed  FAILED\n") != std::string::npos);
}

TEST_CASE("a behaviour that is not played on a reactor, and does not say why, is a hole",
          "[contract_table]")
{
    ContractTable table({"a", "b"});
    play(table, "it works", {"a"});
    CHECK(table.holes()
          == std::vector<std::string>{"it works: is not played on b, and does not say why"});
    CHECK(printed(table).find("it works    passed  ?\n") != std::string::npos);
}

TEST_CASE("a behaviour that does not name its reactor is a hole, and no other's success",
          "[contract_table]")
{
    const bool failed = GENERATE(false, true);
    ContractTable table({"a"});
    play(table, "it works", {"a"});
    table.begin("it forgets", "group");
    table.played(failed);
    table.on("a");
    table.played(false);
    table.end();
    CHECK(table.holes()
          == std::vector<std::string>{failed ? "it forgets: failed before it named its reactor"
                                             : "it forgets: does not say on which reactor it is "
                                               "played"});
}

TEST_CASE("what is no behaviour of the contract does not come into its table", "[contract_table]")
{
    ContractTable table({"a"});
    table.on("a");
    table.played(true);
    CHECK(table.empty());
    CHECK_THROWS_AS(table.not_applicable("nonsense", "it is none"), std::logic_error);
}
