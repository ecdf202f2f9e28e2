#pragma once

#include "reactors/reactor.hpp"

#include <memory>
#include <string>
#include <vector>

/// Whether this system has io_uring. If not, the present test is skipped.
bool there_is_a_ring();

/// The reactor "io_uring" on rings as older kernels have them, by the oldest: "io_uring-5.13". What
/// they lack it does not use then, and completions come at other times; the calls are made by the
/// kernel that is there. These can be had here:
std::vector<std::string> reactors_on_older_rings();

bool is_on_older_ring(const std::string& reactor);

/// What the names of those begin with whose completions may come at any time: "io_uring" is one of
/// them before Linux 6.1.
std::string rings_that_do_not_defer();

/// One by its name.
std::unique_ptr<cogen::Reactor> make_on_older_ring(const std::string& name, cogen::Kernel& kernel);
