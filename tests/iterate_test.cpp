#include "cogen/operations/chunk.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

namespace {

void count(Yield& yield, Consumer<int> consumer, int n)
{
    for (int i = 0; i < n; ++i)
        yield(Chunk(consumer, i));
}

}

TEST_CASE("a producer runs as far as it is pulled, past all others", "[iterate]")
{
    World world(each_reactor());
    std::string trace;
    world.scheduler.spawn([&](Yield& yield) {
        Iterate letters([&](Yield& y, Consumer<char> consumer) {
            trace += '(';
            for (char c = 'a'; c <= 'c'; ++c) {
                y(Chunk(consumer, c));
                trace += '.';
            }
            trace += ')';
        });
        yield(Spawn([&](Yield&) { trace += '!'; }) | priority::coro);
        trace += '<';
        while (const auto letter = yield(letters))
            trace += *letter;
        trace += '>';
        CHECK_FALSE(yield(letters));
    });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(trace == "<(a.b.c.)>!");
}

TEST_CASE("a producer may wait for other things, and values may be moved only", "[iterate]")
{
    World world(each_reactor());
    auto [here, there] = socket_pair(world.scheduler);
    std::vector<std::string> words;
    world.scheduler.spawn([&, &here = here](Yield& yield) {
        Iterate lines(
            [](Yield& y, Consumer<std::unique_ptr<std::string>> consumer, const Socket* socket) {
                std::array<char, 3> buffer;
                while (const auto size = y(socket->read(buffer)))
                    y(Chunk(consumer, std::make_unique<std::string>(buffer.data(), size)));
            },
            &std::as_const(here));
        while (const auto word = yield(lines))
            words.push_back(**word);
    });
    world.scheduler.spawn([&, &there = there](Yield& yield) {
        yield(there.write("one"));
        yield(Sleep(1s));
        yield(there.write("two"));
        yield(there.close());
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK(words == std::vector<std::string>{"one", "two"});
}

TEST_CASE("what a producer throws reaches its consumer, with each yield", "[iterate]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) {
        Iterate numbers([](Yield& y, Consumer<int> consumer) {
            y(Chunk(consumer, 1));
            throw std::runtime_error("eggs");
        });
        CHECK(yield(numbers) == 1);
        CHECK_THROWS_WITH(yield(numbers), "eggs");
        CHECK_THROWS_WITH(yield(numbers), "eggs");
    });
    CHECK(world.scheduler.run().failed == 1);
}

TEST_CASE("to stop an iteration cancels what its producer waits for, and waits for the clean-up",
          "[iterate]")
{
    World world(each_reactor());
    bool cleaned = false;
    world.scheduler.spawn([&](Yield& yield) {
        Iterate numbers([&](Yield& y, Consumer<int> consumer) {
            try {
                y(Chunk(consumer, 1));
                y(Sleep(1h));
            } catch (const Cancelled&) {
                shielded(y, [&] { y(Sleep(1s)); });
                cleaned = true;
                throw;
            }
        });
        const TimePoint start = world.scheduler.now();
        CHECK(yield(numbers) == 1);
        CHECK_THROWS_AS(yield(numbers | within(2s)), TimeoutError);
        yield(numbers.stop());
        CHECK(cleaned);
        CHECK(world.scheduler.now() - start == 3s);
        CHECK_FALSE(yield(numbers));
        yield(numbers.stop());
        yield(Pass());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("what a producer throws when it is stopped reaches whoever stops it", "[iterate]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) {
        Iterate numbers([](Yield& y, Consumer<int> consumer) {
            try {
                y(Chunk(consumer, 1));
            } catch (const Cancelled&) {
                throw std::runtime_error("eggs");
            }
        });
        CHECK(yield(numbers) == 1);
        CHECK_THROWS_WITH(yield(numbers.stop()), "eggs");
        CHECK_FALSE(yield(numbers));
    });
    CHECK(world.scheduler.run().failed == 1);
}

TEST_CASE("an iteration that is stopped before it began does not begin", "[iterate]")
{
    World world(each_reactor());
    bool begun = false;
    world.scheduler.spawn([&](Yield& yield) {
        Iterate numbers([&](Yield&, Consumer<int>) { begun = true; });
        yield(numbers.stop());
        CHECK_FALSE(yield(numbers));
    });
    CHECK(world.scheduler.run().failed == 0);
    CHECK_FALSE(begun);
}

TEST_CASE("a value that comes when its consumer has given up is the answer to the next yield",
          "[iterate]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) {
        Iterate numbers([](Yield& y, Consumer<int> consumer) {
            for (int i = 1;; ++i) {
                y(Sleep(2s));
                y(Chunk(consumer, i));
            }
        });
        CHECK_THROWS_AS(yield(numbers | within(1s)), TimeoutError);
        yield(Sleep(1h));  // the first comes, and waits
        CHECK(yield(numbers | within(0s)) == 1);
        CHECK_THROWS_AS(yield(numbers | within(1s)), TimeoutError);
        CHECK(yield(numbers) == 2);
        yield(numbers.stop());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("an iteration that goes out of scope cancels its producer", "[iterate]")
{
    World world(each_reactor());
    bool cancelled = false;
    world.scheduler.spawn([&](Yield& yield) {
        {
            Iterate numbers([&](Yield& y, Consumer<int> consumer) {
                try {
                    for (;;)
                        y(Chunk(consumer, 1));
                } catch (const Cancelled&) {
                    cancelled = true;
                    throw;
                }
            });
            CHECK(yield(numbers) == 1);
        }
        CHECK_FALSE(cancelled);
        yield(Pass());
        CHECK(cancelled);
    });
    const Report report = world.scheduler.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
}

TEST_CASE("a cancelled consumer leaves, and its producer with it", "[iterate][cancel]")
{
    World world(each_reactor());
    bool cleaned = false;
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        Iterate numbers([&](Yield& y, Consumer<int> consumer) {
            try {
                y(Sleep(1h));
                y(Chunk(consumer, 1));
            } catch (const Cancelled&) {
                cleaned = true;
                throw;
            }
        });
        yield(numbers);
    });
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        world.scheduler.cancel(handle);
    });
    const TimePoint start = world.scheduler.now();
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(world.scheduler.now() - start == 1s);
    CHECK(handle.cancelled());
    CHECK(cleaned);
}

TEST_CASE("a producer that somebody else cancels is an error for its consumer", "[iterate][cancel]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        Iterate numbers([&](Yield& y, Consumer<int> consumer) {
            world.scheduler.cancel(world.scheduler.current()->record());
            y(Chunk(consumer, 1));
        });
        CHECK(error_of(yield, numbers) == errc::cancelled);
        yield(Pass());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("producers may pull producers, twenty deep", "[iterate]")
{
    struct Level {
        static void produce(Yield& yield, Consumer<int> consumer, int depth)
        {
            if (depth == 0)
                return count(yield, consumer, 5);
            Iterate below(produce, depth - 1);
            while (const auto number = yield(below))
                yield(Chunk(consumer, *number + 1));
        }
    };
    World world(each_reactor());
    int sum = 0;
    world.scheduler.spawn([&](Yield& yield) {
        Iterate top(Level::produce, 20);
        while (const auto number = yield(top))
            sum += *number;
    });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK(sum == 5 * 20 + 10);
}

TEST_CASE("chunks allocate nothing, and an iteration nothing once warm", "[iterate][allocation]")
{
    World world("poll");
    world.scheduler.spawn([](Yield& yield) {
        const auto iterate = [&] {
            Iterate numbers(count, 1000);
            int sum = 0;
            while (const auto number = yield(numbers))
                sum += *number;
            return sum;
        };
        iterate();
        const std::size_t before = allocations();
        const int sum = iterate();
        const std::size_t after = allocations();
        CHECK(sum == 499'500);
        CHECK(after == before);
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("who stops an iteration that another pulls ends both waits", "[iterate]")
{
    World world(each_reactor());
    std::string trace;
    world.scheduler.spawn([&](Yield& yield) {
        Iterate numbers([](Yield& y, Consumer<int>) { y(Sleep(1h)); });
        const auto other = yield(Spawn([&](Yield& y) {
            CHECK_FALSE(y(numbers));
            trace += "pulled ";
        }));
        yield(numbers.stop());
        trace += "stopped ";
        yield(Join(other));
    });
    CHECK(world.scheduler.run().stuck.empty());
    CHECK((trace == "pulled stopped " || trace == "stopped pulled "));
}

namespace {

/// Can be moved so many times.
struct Brittle {
    static inline int moves_left = 0;

    Brittle() = default;
    Brittle(Brittle&&)
    {
        if (moves_left-- == 0)
            throw std::runtime_error("broken");
    }
};

}

TEST_CASE("a value that breaks on its way to the consumer is its producer's affair", "[iterate]")
{
    World world(each_reactor());
    const int fuse = GENERATE(range(0, 6));
    int got = 0, broken = 0;
    world.scheduler.spawn([&](Yield& yield) {
        Iterate values([&](Yield& y, Consumer<Brittle> consumer) {
            for (int i = 0; i < 3; ++i)
                try {
                    Brittle::moves_left = i == 1 ? fuse : 1000;
                    y(Chunk(consumer, Brittle()));
                } catch (const std::runtime_error&) {
                    ++broken;
                }
        });
        for (;;)
            try {
                if (!yield(values))
                    break;
                ++got;
            } catch (const std::runtime_error&) {
                ++broken;
            }
    });
    const Report report = world.scheduler.run();
    CHECK(report.stuck.empty());
    CHECK(report.failed == 0);
    CHECK(got + broken == 3);
}

TEST_CASE("two who produce for one consumer are told so", "[iterate]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) {
        Iterate merged([](Yield& y, Consumer<int> consumer) {
            const auto other = y(Spawn([consumer](Yield& z) {
                z(Sleep(1s));
                z(Chunk(consumer, 1));
            }));
            y(Sleep(1s));
            CHECK_THROWS_AS(y(Chunk(consumer, 2)), std::logic_error);
            y(Join(other));
        });
        yield(Sleep(2s) | within(1ms) | as_tuple);
        CHECK_THROWS_AS(yield(merged | within(0s)), TimeoutError);
        yield(Sleep(5s));
        CHECK(yield(merged) == 1);
        CHECK_FALSE(yield(merged));
    });
    CHECK(world.scheduler.run().stuck.empty());
}

TEST_CASE("an iteration whose producer could not begin is over", "[iterate]")
{
    World world(each_reactor());
    world.scheduler.spawn([](Yield& yield) {
        Iterate numbers(on_stack(SIZE_MAX / 4, [](Yield&, Consumer<int>) {}));
        CHECK_THROWS_AS(yield(numbers), system_error);
        yield(numbers.stop());
        CHECK_FALSE(yield(numbers));
    });
    CHECK(world.scheduler.run().stuck.empty());
}
