#pragma once

#include "tests/support/matrix_trial.hpp"

#include <vector>

namespace matrix {

/// The operations that have to do with coroutines and time only.
std::vector<Row> coroutine_rows();

/// Those on descriptors.
std::vector<Row> descriptor_rows();

}
