#pragma once

#include "reactors/faulty_reactor.hpp"

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

// The reactors of the tests around which there is trouble.

/// What their names begin with.
inline constexpr const char* faulty = "faulty-";

bool is_faulty(const std::string& reactor);

/// Those that can be had here.
std::vector<std::string> faulty_reactors();

/// all_reactors() without them: those in which no chance plays.
std::vector<std::string> predictable_reactors();

/// One by its name, with the faults of seed_of_faults().
std::unique_ptr<cogen::Reactor> make_faulty(const std::string& name, cogen::Kernel& kernel);

/// COGEN_FAULTS in the environment, or else always the same.
unsigned seed_of_faults();

/// How often each fault has happened around them all. Nothing where there have been none of them.
void print_faults(std::ostream& out);
