#pragma once

// What the build reads once for all tests: half of its time would go there.

#include "cogen/cogen.hpp"

#define CATCH_CONFIG_EXTERNAL_INTERFACES  // some of them listen to it
#include <catch2/catch.hpp>
