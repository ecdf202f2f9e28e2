#pragma once

#include <catch2/catch.hpp>

#include <iostream>
#include <string_view>

/// Says that the present test cannot be made here, and why. The caller returns; whoever counts the
/// results counts it apart.
inline void skip(std::string_view why)
{
    std::cout << "SKIPPED: " << Catch::getResultCapture().getCurrentTestName() << ": " << why
              << std::endl;
}
