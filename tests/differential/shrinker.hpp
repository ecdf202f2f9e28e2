#pragma once

#include "tests/differential/program.hpp"

#include <functional>

namespace differential {

/// The smallest program that is found to fail still: without coroutines, steps, blocks, streams,
/// limits and bytes that are not needed for that. What is left is of the same Order, and as good
/// a program. It asks `fails` a few thousand times at most, and not for long: what then is left is
/// larger than it might be.
Program shrunk(Program program, const std::function<bool(const Program&)>& fails);

/// How many steps it has.
std::size_t number_of_steps(const Program& program);

}
