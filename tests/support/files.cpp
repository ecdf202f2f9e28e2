#include "tests/support/files.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

using namespace cogen;

Descriptor temporary_file()
{
    std::string name = std::filesystem::temp_directory_path() / "cogen-test-XXXXXX";
    const int number = ::mkostemp(name.data(), O_CLOEXEC);
    REQUIRE(number >= 0);
    ::unlink(name.c_str());
    return Descriptor(number);
}

std::string read_all(Yield& yield, const File& file)
{
    std::string all;
    std::array<char, 4096> buffer;
    while (const std::size_t count = yield(file.read(buffer)))
        all.append(buffer.data(), count);
    return all;
}

std::string letters(std::size_t size)
{
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>('a' + i % 23);
    return text;
}
