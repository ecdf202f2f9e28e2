#pragma once

#include "reactors/reactor.hpp"

#include <memory>
#include <string>
#include <vector>

// The reactor "io_uring" on rings as older kernels have them, by the oldest: "io_uring-5.13". What
// they lack this reactor does not use then, and completions come at other times; the calls are made
// by the kernel that is there.

/// Those that can be had here.
std::vector<std::string> reactors_on_older_rings();

bool is_on_older_ring(const std::string& reactor);

/// One by its name.
std::unique_ptr<cogen::Reactor> make_on_older_ring(const std::string& name, cogen::Kernel& kernel);
