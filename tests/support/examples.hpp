#pragma once

#include "tests/support/process.hpp"

#include <string>
#include <vector>

// What the tests of the examples have in common.

/// The program of an example. The build says where they are.
std::string example(const std::string& name);

/// Runs the test on each reactor, in turn: the environment variable that chooses it. Where
/// COGEN_EXAMPLES_FAULTY is set, the examples know the faulty ones, and run on those.
std::string reactor_variable();

/// The variables of these reactors.
const std::vector<std::string>& reactor_variables();

/// Where a server listens, which it says first.
std::string address_of(Process& server);

/// The path of a program that the system may have; empty if it has not.
std::string installed(const std::string& name);
