#pragma once

#include "tests/support/matrix_trial.hpp"

#include <string>
#include <vector>

namespace matrix {

/// What came of a cell.
struct Outcome {
    /// What the coroutine got; and, behind a comma, what its next yield got, where that is no
    /// success. A coroutine that is cancelled is so at each yield from then on, which is not said
    /// again.
    std::string word;
    std::vector<std::string> faults;  ///< of what must be so in each cell
};

Outcome play(const Row& row, const Cell& cell);

}
