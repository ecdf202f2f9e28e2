// cogen-contract: what is installed for those who write a reactor.
#include "reactors/reactor.hpp"
#include "tests/support/examples.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace {

std::string contract_program()
{
    const char* const path = std::getenv("COGEN_CONTRACT");
    return path ? path : "build/cogen-contract";
}

const std::string library = "how-to/logging_library.so";

}

TEST_CASE("the contract is played on a reactor of a user's own, which a library brings along",
          "[contract_program]")
{
    const std::filesystem::path log =
        std::filesystem::temp_directory_path() / ("cogen-log-" + std::to_string(::getpid()));
    Process contract({contract_program(), "--load", example(library), "--reactor", "logging",
                      "~[terminal]"},  // which a system may not have to give
                     {"REACTOR_LOG=" + log.string()});
    const std::string told = contract.rest();
    INFO(told);
    CHECK(contract.exit_code() == 0);
    CHECK_THAT(told, Catch::Contains("\nThe contract  ") && Catch::Contains("  logging\n"));
    CHECK_THAT(told, Catch::Contains(" behaviours x 1 reactors: ")
                         && Catch::Contains(" passed, 0 failed, 0 skipped, 0 not applicable\n"));
    std::ostringstream logged;
    logged << std::ifstream(log).rdbuf();
    std::filesystem::remove(log);
    CHECK_THAT(logged.str(), Catch::Contains("fd 1") && Catch::Contains(" has to wait\n"));
}

TEST_CASE("the contract is played on those reactors that are named, and says what cannot be there",
          "[contract_program]")
{
    Process contract({contract_program(), "--reactor", "select", "--reactor", "memory",
                      "a descriptor of a large number is waited for as any other"});
    const std::string told = contract.rest();
    CHECK(contract.exit_code() == 0);
    CHECK_THAT(told, Catch::Contains("  select  memory\n") && Catch::Contains("  - [1]   - [2]\n")
                         && Catch::Contains("[1] not on select: its sets end below that number\n")
                         && Catch::Contains("0 passed, 0 failed, 0 skipped, 2 not applicable\n"));
}

TEST_CASE("the contract holds while a signal arrives each millisecond", "[contract_program]")
{
    const std::string reactor = each_system_reactor();
    Process contract({contract_program(), "--interruptions", "--reactor", reactor});
    const std::string told = contract.rest();
    INFO(told);
    CHECK(contract.exit_code() == 0);
    CHECK_THAT(told, Catch::Contains(" passed, 0 failed, "));
    CHECK_THAT(told,
               Catch::Contains("\ninterruptions: ") && !Catch::Contains("\ninterruptions: 0\n"));
}

TEST_CASE("the contract cannot be played where there is no such reactor, or no such library",
          "[contract_program]")
{
    const auto [option, value, words] = GENERATE(table<std::string, std::string, std::string>(
        {{"--reactor", "logging", "cogen-contract: no reactor is called \"logging\" (there are: "},
         {"--load", "./no_such_library.so", "cogen-contract: ./no_such_library.so: "}}));
    Process contract(
        {"/bin/sh", "-c", R"(exec "$0" "$@" 2>&1)", contract_program(), option, value});
    CHECK_THAT(contract.rest(), Catch::StartsWith(words));
    CHECK(contract.exit_code() == 2);
}
