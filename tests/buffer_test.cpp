#include "cogen/buffer.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>

using namespace cogen;

static_assert(!std::is_constructible_v<MutableBuffer, std::string&&>);
static_assert(!std::is_constructible_v<MutableBuffer, const std::string&>);

TEST_CASE("a buffer to read from is made of whatever has bytes", "[buffer]")
{
    const std::string string = "hello";
    const std::array<int, 3> numbers{1, 2, 3};
    CHECK(ConstBuffer("hello").size() == 5);  // without the NUL
    CHECK(ConstBuffer("ab\0cd").size() == 5);
    char array[4] = {'a', 'b', 'c', 'd'};  // no string, and without an end
    CHECK(ConstBuffer(array).size() == 4);
    CHECK(ConstBuffer(string).size() == 5);
    CHECK(ConstBuffer(std::string_view(string)).data()
          == reinterpret_cast<const std::byte*>(string.data()));
    CHECK(ConstBuffer(std::vector<char>(7)).size() == 7);
    CHECK(ConstBuffer(numbers).size() == 3 * sizeof(int));
    CHECK(ConstBuffer(std::span(numbers)).size() == 3 * sizeof(int));
    CHECK(ConstBuffer(boost::asio::buffer(string)).size() == 5);
    CHECK(ConstBuffer({string.data(), 2}).size() == 2);
}

TEST_CASE("a buffer to write to is made of whatever can be written to", "[buffer]")
{
    std::string string = "hello";
    std::vector<std::byte> bytes(7);
    std::array<int, 3> numbers{};
    char array[10];
    CHECK(MutableBuffer(string).size() == 5);
    CHECK(MutableBuffer(bytes).data() == bytes.data());
    CHECK(MutableBuffer(numbers).size() == 3 * sizeof(int));
    CHECK(MutableBuffer(array).size() == 10);
    CHECK(MutableBuffer(std::span(bytes).first(3)).size() == 3);
    CHECK(MutableBuffer(boost::asio::buffer(string)).size() == 5);
    CHECK(MutableBuffer({string.data(), 2}).size() == 2);
}
