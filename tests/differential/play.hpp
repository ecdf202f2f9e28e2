#pragma once

#include "tests/differential/outcome.hpp"
#include "tests/differential/stage.hpp"

#include <string>

namespace differential {

/// Plays a program on one reactor, by the names of all_reactors(). Time is virtual.
Outcome play(const Program& program, const std::string& reactor, Coverage& coverage,
             const Decorator& decorate = {});

/// Plays it on all of them. Answers with what is wrong; empty: nothing.
std::string failure_of(const Program& program, Coverage& coverage);
std::string failure_of(const Program& program);

}
