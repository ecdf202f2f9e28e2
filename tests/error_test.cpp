#include "cogen/error.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <set>

using namespace cogen;

TEST_CASE("each end of an operation has an exception of its own, or a plain one", "[error]")
{
    CHECK_THROWS_AS(throw_error(errc::timed_out, ""), TimeoutError);
    CHECK_THROWS_AS(throw_error(errc::closed, ""), ClosedError);
    CHECK_THROWS_AS(throw_error(errc::simultaneous, ""), SimultaneousError);
    CHECK_THROWS_AS(throw_error(errc::end_of_stream, ""), EndOfStream);
    CHECK_THROWS_AS(throw_error(errc::cancelled, ""), Cancelled);
    try {
        throw_error(system_error_code(EPIPE), "Write(fd 7)");
    } catch (const system_error& error) {
        CHECK(error.code().value() == EPIPE);
        CHECK(std::string(error.what()).find("Write(fd 7)") == 0);
    }
}

TEST_CASE("each end of an operation has its own words", "[error]")
{
    std::set<std::string> messages;
    for (int code = 1; code <= static_cast<int>(errc::descriptor_too_large); ++code)
        messages.insert(make_error_code(static_cast<errc>(code)).message());
    CHECK(messages.size() == static_cast<std::size_t>(errc::descriptor_too_large));
    for (const std::string& message : messages)
        CHECK(message.find("unknown") == std::string::npos);
    CHECK_FALSE(messages.contains(""));
    CHECK(make_error_code(static_cast<errc>(99)).message() == "unknown error 99");
}
