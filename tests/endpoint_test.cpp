#include "cogen/endpoint.hpp"
#include "cogen/error.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("an endpoint prints as it is parsed", "[endpoint]")
{
    const auto text =
        GENERATE(as<std::string>(), "127.0.0.1:80", "0.0.0.0:0", "[::1]:65535", "[fe80::1%lo]:1",
                 "[fe80::1%4000000]:1", "unix:/tmp/socket", "unix:@abstract name");
    CHECK(to_string(Endpoint::parse(text)) == text);
}

TEST_CASE("what is no endpoint is an error that quotes it", "[endpoint]")
{
    const auto text = GENERATE(as<std::string>(), "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                               "127.0.0.1:-1", "127.0.0.1:8x", "example:80", "::1:80", "[::1]",
                               "[::1%nowhere]:1", "unix:", "1.2.3:4");
    try {
        Endpoint::parse(text);
        FAIL(text);
    } catch (const system_error& error) {
        CHECK(error.code().value() == EINVAL);
        const std::string address = text.substr(text.starts_with("unix:") ? 5 : text[0] == '[');
        CHECK(std::string(error.what()).find(address.substr(0, 5)) != std::string::npos);
    }
    CHECK_THROWS_AS(Endpoint::parse("unix:" + std::string(200, 'x')), system_error);
}

TEST_CASE("the path of a Unix socket has up to 107 characters, and no port", "[endpoint]")
{
    const std::string longest(107, 'x');
    CHECK(to_string(Endpoint::unix_path(longest)) == "unix:" + longest);
    CHECK(Endpoint::unix_path(longest).port() == 0);
    CHECK_THROWS_AS(Endpoint::unix_path(longest + 'x'), system_error);
}

TEST_CASE("a NUL is in no endpoint, and brackets are around IPv6 addresses only", "[endpoint]")
{
    using namespace std::string_literals;
    const auto text =
        GENERATE(as<std::string>(), "127.0.0.1\0junk:80"s, "unix:/a\0b"s, "[127.0.0.1]:80"s);
    CHECK_THROWS_AS(Endpoint::parse(text), system_error);
}
