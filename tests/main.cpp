#include "tests/support/contract_table.hpp"

#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

int main(int argc, char** argv)
{
    const int failed = Catch::Session().run(argc, argv);
    return failed == 0 && !contract().holes().empty() ? 1 : failed;
}
