#pragma once

// What the build for macOS reads once for all files: most of its time would go there.

#include "cogen/cogen.hpp"

#include <catch2/catch.hpp>
