// SPDX-License-Identifier: MIT
#pragma once

#include "bench/echo/compare.hpp"

#include <string>
#include <vector>

namespace bench {

/// The results at so many connections, in the servers' order.
std::vector<const EchoResult*> results_at(const EchoComparison& comparison, unsigned connections);

/// In a sentence, which of them are the cheapest: all those whose spreads the measurement does not
/// keep apart from the lowest one's.
std::string conclusion(const std::vector<const EchoResult*>& results);

}
