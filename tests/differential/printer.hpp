#pragma once

#include "tests/differential/program.hpp"

#include <string>

namespace differential {

/// The program as C++, to be pasted into a test in this namespace: a line for each coroutine.
std::string as_code(const Program& program);

}
