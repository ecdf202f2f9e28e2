// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bench {

/// Where and with what the figures came about, as pairs of a name and a value in words, in the
/// order in which they should be read. What cannot be found out is left out.
using Environment = std::vector<std::pair<std::string, std::string>>;

Environment environment();

/// Why figures from there are to be taken with care, in a sentence: others were at work when it was
/// looked at. Empty where they were not, or where that is not known.
std::string warning(const Environment& environment);

}
