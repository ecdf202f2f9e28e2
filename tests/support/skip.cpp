#include "tests/support/skip.hpp"

#include "tests/support/contract_table.hpp"

#include <catch2/catch.hpp>

#include <iostream>

void skip(std::string_view why)
{
    contract().skip(why);
    std::cout << "SKIPPED: " << Catch::getResultCapture().getCurrentTestName() << ": " << why
              << std::endl;
}
