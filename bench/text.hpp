// SPDX-License-Identifier: MIT
#pragma once

#include "bench/echo/compare.hpp"
#include "bench/environment.hpp"
#include "bench/micro/micro.hpp"

#include <ostream>

namespace bench {

/// The results as text: aligned tables, and in words what they do and do not say.
void print(std::ostream& out, const Environment& environment);
void print(std::ostream& out, const EchoComparison& comparison);
void print(std::ostream& out, const MicroComparison& comparison);

/// The servers of the echo workload, each with the reason where it cannot run here.
void print(std::ostream& out, const std::vector<EchoServer>& servers);

}
