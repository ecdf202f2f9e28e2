// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"
#include "bench/environment.hpp"
#include "bench/micro/micro.hpp"

#include <ostream>

namespace bench {

/// The results as text: aligned tables, and in words what they do and do not say.
void print(std::ostream& out, const Environment& environment);
void print(std::ostream& out, const Comparison& comparison);
void print(std::ostream& out, const MicroComparison& comparison);

/// All of them in short, a paragraph for each.
void print_summary(std::ostream& out, const std::vector<Comparison>& comparisons);

/// What to bear in mind with all comparisons of servers.
void print_reading_help(std::ostream& out);

/// The servers and what they are compared at, each with the reason where it cannot be had here.
void print(std::ostream& out, const std::vector<Server>& servers,
           const std::vector<Workload>& workloads);

}
