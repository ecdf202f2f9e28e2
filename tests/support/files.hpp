#pragma once

#include "cogen/cogen.hpp"

#include <string>

/// An empty file without a name.
cogen::Descriptor temporary_file();

/// Reads until the end.
std::string read_all(cogen::Yield& yield, const cogen::File& file);

/// A text of so many bytes.
std::string letters(std::size_t size);
