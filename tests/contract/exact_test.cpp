#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("an exact read answers when its buffer is full, however the bytes come",
          "[read_exactly][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        std::string buffer(10, ' ');
        const auto reader =
            yield(Spawn([&, &here = here](Yield& y) { return y(here.read_exactly(buffer)); }));
        for (const char byte : std::string("spam, eggs and ham")) {
            yield(there.write({&byte, 1}));
            yield(Sleep(1s));
        }
        CHECK(yield(Join(reader)) == 10);
        CHECK(buffer == "spam, eggs");
        CHECK(read_up_to(yield, here, 8) == " and ham");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an exact read of nothing is done at once, and twice the same operation reads on",
          "[read_exactly][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        CHECK(yield(here.read_exactly({nullptr, 0})) == 0);
        yield(there.write("spam"));
        std::array<char, 4> buffer;
        auto read = here.read_exactly(buffer);
        CHECK(yield(read) == 4);
        CHECK(yield(read) == 4);  // full already
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a stream that ends before an exact read is full says how much has come",
          "[read_exactly][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.write("spam"));
        yield(there.close());
        std::array<char, 10> buffer;
        try {
            yield(here.read_exactly(buffer));
            FAIL("it was full");
        } catch (const EndOfStream& end) {
            CHECK(end.so_far() == 4);
            CHECK(std::string(end.what()).find("ReadExactly(fd ") == 0);
            CHECK(std::string(end.what()).find("4 of 10 bytes") != std::string::npos);
        }
        CHECK(std::string(buffer.data(), 4) == "spam");
        auto read = here.read_exactly(buffer);
        const auto [error, count] = yield(read | as_tuple);
        CHECK(error == errc::end_of_stream);
        CHECK(count == 0);
        CHECK(read.so_far() == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an exact read that is timed out keeps what came, and loses nothing",
          "[read_exactly][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.write("spam"));
        std::array<char, 10> buffer;
        auto read = here.read_exactly(buffer);
        CHECK_THROWS_AS(yield(read | within(1s)), TimeoutError);
        CHECK(read.so_far() == 4);
        yield(there.write(" and ham"));
        CHECK(yield(read) == 10);  // it goes on where it was
        CHECK(std::string(buffer.data(), 10) == "spam and h");
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a vectored read fills one buffer after the other with what there is",
          "[readv][contract]")
{
    World world(each_reactor({{"faulty", "its transfers may be short"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        yield(there.write("spamhamegg"));
        std::string a(4, ' '), b(3, ' '), c(5, ' ');
        CHECK(yield(here.readv({a, {nullptr, 0}, b, c})) == 10);
        CHECK(a + b + c == "spamhamegg  ");
        yield(there.write("sp"));
        CHECK(yield(here.readv({a, b})) == 2);
        CHECK(yield(here.readv(std::span<const MutableBuffer>())) == 0);
        CHECK(yield(here.readv({{nullptr, 0}})) == 0);
        yield(there.close());
        CHECK(yield(here.readv({a, b})) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a vectored read of more buffers than one call takes fills the first, and no more",
          "[readv][contract]")
{
    World world(each_reactor({{"faulty", "its transfers may be short"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const std::string text(100, 'x');
        yield(there.write(text));
        std::array<char, 100> bytes{};
        std::vector<MutableBuffer> buffers;
        for (char& byte : bytes)
            buffers.push_back({&byte, 1});
        const std::size_t count = yield(here.readv(buffers));
        CHECK(count == 64);
        CHECK(std::string(bytes.data(), count) == text.substr(0, count));
        CHECK(read_up_to(yield, here, 36) == text.substr(count));
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a vectored write sends all of all buffers, in order, however many they are",
          "[writev][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        std::vector<std::string> texts;
        std::vector<ConstBuffer> buffers;
        std::string all;
        for (int i = 0; i < 1000; ++i)
            texts.push_back(
                std::string(static_cast<std::size_t>(i * 37 % 20'000), char('a' + i % 26)));
        for (const std::string& text : texts) {
            buffers.emplace_back(text);
            all += text;
        }
        const auto writer =
            yield(Spawn([&, &here = here](Yield& y) { return y(here.writev(buffers)); }));
        CHECK(read_up_to(yield, there, all.size()) == all);
        CHECK(yield(Join(writer)) == all.size());
        CHECK(yield(here.writev({"head", "", "body"})) == 8);
        CHECK(read_up_to(yield, there, 8) == "headbody");
        CHECK(yield(here.writev({"", ""})) == 0);
        CHECK(yield(here.writev(std::span<const ConstBuffer>())) == 0);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a vectored write that is timed out tells how much has gone, and no more goes",
          "[writev][contract]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        const std::string half(6'000'000, 'w');
        const std::array<ConstBuffer, 2> buffers{half, half};
        auto write = here.writev(buffers);
        CHECK_THROWS_AS(yield(write | within(1s)), TimeoutError);
        CHECK(write.so_far() > 0);
        CHECK(write.so_far() < 12'000'000);
        yield(here.close());
        CHECK(read_up_to(yield, there, 12'000'000).size() == write.so_far());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a partial write takes as much as there is room for, and waits where there is none",
          "[write_some][contract]")
{
    World world(each_reactor({{"faulty", "its transfers may be short"}}));
    world.scheduler.spawn([&](Yield& yield) {
        auto [here, there] = connection(yield);
        CHECK(yield(here.write_some("")) == 0);
        CHECK(yield(here.write_some("spam")) == 4);
        CHECK(read_up_to(yield, there, 4) == "spam");

        const std::string much(20'000'000, 'w');
        std::size_t sent = 0;
        for (;;) {
            const auto [error, count] = yield(here.write_some(much) | within(1s) | as_tuple);
            sent += count;
            if (error == errc::timed_out)
                break;
            CHECK(count > 0);
            CHECK(count < much.size());
        }
        const auto writer =
            yield(Spawn([&, &here = here](Yield& y) { return y(here.write_some("x")); }));
        yield(Sleep(1s));
        CHECK_FALSE(writer.finished());
        CHECK(read_up_to(yield, there, sent).size() == sent);
        CHECK(yield(Join(writer)) == 1);
    });
    CHECK(world.scheduler.run().failed == 0);
}
