#pragma once

#include "tests/differential/program.hpp"

#include <string>
#include <vector>

namespace differential {

/// What has come of a program on one reactor.
struct Outcome {
    std::string reactor;
    std::vector<std::vector<std::string>> logs;  ///< of each coroutine: its steps and their ends
    std::string report;                          ///< what run() answered
    std::vector<std::string> faults;             ///< what may not be on any
};

/// Where two that should be the same differ first; empty: nowhere.
std::string difference(const Outcome& one, const Outcome& other);

/// What is wrong with these outcomes of one program: faults, or that two differ where they may not.
/// Empty: nothing.
std::string failure_among(const Program& program, const std::vector<Outcome>& outcomes);

}
