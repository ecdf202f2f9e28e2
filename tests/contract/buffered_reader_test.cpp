#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/counting_kernel.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("lines come one by one, however their bytes do, and none after the end",
          "[buffered_reader][contract]")
{
    World world(each_reactor());
    const std::size_t piece = GENERATE(as<std::size_t>(), 1, 2, 3, 7, 1000);
    const std::string text = "spam\r\n\nham\neggs and\rbacon\r\n\r\n";
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const auto reader = yield(Spawn([&here = here](Yield& y) {
            BufferedReader lines(here);
            std::vector<std::string> all;
            while (const auto line = y(lines.read_line()))
                all.emplace_back(*line);
            CHECK_FALSE(y(lines.read_line()));  // and it stays so
            return all;
        }));
        for (std::size_t at = 0; at < text.size(); at += piece) {
            yield(there.write(text.substr(at, piece)));
            yield(Sleep(1s));
        }
        yield(there.close());
        CHECK(yield(Join(reader))
              == std::vector<std::string>{"spam", "", "ham", "eggs and\rbacon", ""});
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a reader reads up to any delimiter, so many bytes, and lines, in turn",
          "[buffered_reader][contract]")
{
    World world(each_reactor());
    const std::size_t piece = GENERATE(as<std::size_t>(), 1, 5, 1000);
    const std::string text = "POST /\r\nLength: 8\r\n\r\nham\nspamnext\n";
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(Spawn([&, &there = there](Yield& y) {
            for (std::size_t at = 0; at < text.size(); at += piece) {
                y(there.write(text.substr(at, piece)));
                y(Sleep(1s));
            }
        }));
        BufferedReader reader(here);
        CHECK(yield(reader.read_until("\r\n\r\n")) == "POST /\r\nLength: 8");
        CHECK(yield(reader.read_exactly(8)) == "ham\nspam");
        CHECK(yield(reader.read_exactly(0)).empty());
        CHECK(yield(reader.read_line()) == "next");
        CHECK(reader.buffered().empty());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what is left when the stream ends within a line is an error, and not lost",
          "[buffered_reader][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.write("spam\nham"));
        yield(there.close());
        BufferedReader reader(here);
        CHECK(yield(reader.read_line()) == "spam");
        for (int i = 0; i < 2; ++i)
            try {
                yield(reader.read_line());
                FAIL("there was a line");
            } catch (const EndOfStream& end) {
                CHECK(end.so_far() == 3);
                CHECK_THAT(end.what(), Catch::StartsWith("ReadLine(fd "));
            }
        CHECK_THROWS_AS(yield(reader.read_until("x")), EndOfStream);
        CHECK_THROWS_AS(yield(reader.read_exactly(4)), EndOfStream);
        CHECK(reader.buffered() == "ham");
        CHECK(yield(reader.read_exactly(3)) == "ham");
        CHECK_FALSE(yield(reader.read_line()));
        CHECK(error_of(yield, reader.read_until("\n")) == errc::end_of_stream);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a line that is too long is an error, and takes no more room than the limit",
          "[buffered_reader][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        BufferedReader reader(here, 8);
        yield(there.write("1234567\n12345678\nend\n"));
        CHECK(yield(reader.read_line()) == "1234567");  // just as long as may be
        CHECK(error_of(yield, reader.read_line()) == errc::too_long);
        CHECK(error_of(yield, reader.read_until("\n")) == errc::too_long);
        CHECK(error_of(yield, reader.read_exactly(9)) == errc::too_long);
        CHECK(reader.buffered() == "12345678");
        reader.discard(100);
        CHECK(yield(reader.read_line()) == "");
        CHECK(yield(reader.read_line()) == "end");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a line that is timed out or cancelled is there for the next",
          "[buffered_reader][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        BufferedReader reader(here);
        yield(there.write("sp"));
        CHECK_THROWS_AS(yield(reader.read_line() | within(1s)), TimeoutError);
        CHECK(reader.buffered() == "sp");
        const auto other = yield(Spawn([&](Yield& y) { y(reader.read_line()); }));
        yield(there.write("a"));
        yield(Sleep(1s));
        world.scheduler.cancel(other);
        yield(there.write("m\n"));
        yield(Sleep(1s));
        CHECK(other.finished());
        CHECK(yield(reader.read_line()) == "spam");

        here.timeout(1s);
        CHECK_THROWS_AS(yield(reader.read_line()), TimeoutError);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a second who reads from a reader is refused, and the first gets his line",
          "[contract][buffered_reader]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        BufferedReader reader(here);
        const auto first = yield(
            Spawn([&](Yield& y) { return std::string(y(reader.read_line()).value_or("none")); }));
        yield(there.write("spam"));
        yield(Sleep(1s));
        CHECK_THROWS_AS(yield(reader.read_exactly(4)), SimultaneousError);
        yield(there.write("\nham\n"));
        CHECK(yield(Join(first)) == "spam");
        CHECK(yield(reader.read_line()) == "ham");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("more bytes than a reader holds are refused before they come",
          "[contract][buffered_reader]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        BufferedReader reader(here, 8);
        CHECK(error_of(yield, reader.read_exactly(9)) == errc::too_long);
        CHECK_THROWS_AS(reader.read_until(""), std::invalid_argument);
        yield(there.write("12345678"));
        CHECK(yield(reader.read_exactly(8)) == "12345678");
        yield(there.write("12345678"));
        CHECK_THROWS_WITH(yield(reader.read_line()), Catch::Contains("8 of at most 8 bytes"));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an operation on a reader can be yielded again", "[buffered_reader][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        BufferedReader reader(here);
        auto line = reader.read_line();
        auto field = reader.read_until("--");
        for (const char* text : {"long line\nlong field--", "x\ny--", "\n--"}) {
            yield(there.write({text, std::char_traits<char>::length(text)}));
            const std::string whole(text);
            const std::size_t end = whole.find('\n');
            CHECK(yield(line) == whole.substr(0, end));
            CHECK(yield(field) == whole.substr(end + 1, whole.size() - end - 3));
        }
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("many lines that come together cost one system call",
          "[contract][buffered_reader][count]")
{
    const std::string reactor = each_reactor({{"faulty", "its transfers may be short"}});
    const auto real = kernel_for(reactor);
    CountingKernel kernel(*real);
    Scheduler scheduler(reactor_named(reactor, kernel));
    scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        std::string text;
        for (int i = 0; i < 100; ++i)
            text += "line " + std::to_string(i) + '\n';
        yield(there.write(text));
        BufferedReader reader(here);
        for (int i = 0; i < 100; ++i)
            CHECK(yield(reader.read_line()) == "line " + std::to_string(i));
        for (const CallCount& call : kernel.calls())
            if (call.name == "recv")
                CHECK(call.count == 1);
    });
    CHECK(scheduler.run().failed == 0);
}
