#pragma once

#include <string_view>

/// Says that the present test cannot be made here, and why. The caller returns; whoever counts the
/// results counts it apart.
void skip(std::string_view why);
