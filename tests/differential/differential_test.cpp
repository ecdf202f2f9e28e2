// The differential test: random programs, and one thing that must be so of each, that it comes to
// the same on every reactor.
//
// A program (program.hpp) is a few coroutines that read, write, connect, accept, wait, signal,
// spawn, join and cancel each other, at sockets, pipes and datagrams, and pass descriptors on. The
// generator makes it of a seed, the player plays it on each reactor in virtual time and writes down
// how each step of each coroutine ends, and the comparison looks for a difference. A program that
// fails is made smaller until nothing can be left out of it, and printed as code for a test.
//
// What may be compared is known of a program by the way it is made, its Order:
//
// - apart: each coroutine acts at instants that are its own, one millisecond of each sixteen, and
//   limits run out half a millisecond later than anybody acts. Virtual time goes on only when
//   nothing moves. So whoever acts finds all others at rest; what he does has come to all its
//   consequences before the next acts; and nothing can depend on which descriptor a reactor looks
//   at first. All is compared: results, errors, cancellations, times. Anybody may do anything, also
//   close what others wait for. TCP and UDP are kept out: they may take their time where that
//   stands still.
// - flows: each direction of a stream has one writer and one reader, none of whom gives up; nobody
//   takes what depends on when he asks (a plain read does). The bytes determine all then, and the
//   datagrams of Unix sockets, however the coroutines interleave; so it is with networks of
//   processes since Kahn. Compared is everything but the times. Over TCP, too.
// - races: anybody may do anything at any time. What comes of it is chance, and nothing is
//   compared, but what must be so of each play, of those above as well:
//   - each byte that is read is the right one, none comes out that has not gone in, and after an
//     orderly end none is missing; for that each direction has one reader and one writer;
//   - each datagram that comes was sent, comes once and, but over UDP, in its turn, and says so
//     where it was cut;
//   - each descriptor that is passed on comes once, with its byte, unless a plain read took that;
//   - who waits is woken once, and each coroutine begins and ends once;
//   - a time that runs out has run, no less, and no more where time stands still;
//   - when all are at rest, nobody waits for what he could have: poll(2) says so of his descriptor;
//   - at the end no descriptor is open, no timer set, and the reactor has nothing in its charge;
//   - run() tells of as many as have ended, failed and been stuck.
//
// How many bytes a system takes that nobody reads is its own affair. So a stream is narrow, and a
// program writes fewer bytes than any system holds, or it is wide: then each direction is written
// once, more than any holds, and of the numbers only "none", "part" and "all" are compared.
//
// COGEN_SEED=17 plays the program of that seed alone, COGEN_SEEDS=100000 so many from there on.
#include "tests/differential/generator.hpp"
#include "tests/differential/planted_bug.hpp"
#include "tests/differential/play.hpp"
#include "tests/differential/printer.hpp"
#include "tests/differential/shrinker.hpp"
#include "tests/support/skip.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <unistd.h>

// AddressSanitizer's and ThreadSanitizer's, where they are in the program; null elsewhere.
#ifdef __ELF__
extern "C" [[gnu::weak]] void __asan_init();
extern "C" [[gnu::weak]] void __tsan_init();
#endif

using namespace differential;

namespace {

bool is_sanitized()
{
#ifdef __ELF__
    return __asan_init || __tsan_init;
#else
    return false;
#endif
}

/// What the environment wishes, or else `otherwise`.
unsigned wished(const char* name, unsigned otherwise)
{
    const char* const wish = std::getenv(name);
    return wish ? static_cast<unsigned>(std::stoul(wish)) : otherwise;
}

unsigned first_seed() { return wished("COGEN_SEED", 1); }

unsigned usual_seeds() { return is_sanitized() ? 300 : 3000; }

unsigned seeds() { return wished("COGEN_SEEDS", std::getenv("COGEN_SEED") ? 1 : usual_seeds()); }

/// The watchdog is for a play that hangs, and not for many.
void begin_seed(unsigned seed)
{
    if (seed % 100 == 0)
        ::alarm(120);
}

/// What fails for the same reason, or another, and is as small as can be.
std::string smallest(const Program& program)
{
    const Program small =
        shrunk(program, [](const Program& smaller) { return !failure_of(smaller).empty(); });
    return failure_of(small) + '\n' + as_code(small);
}

/// Beside a good one; empty: one sees nothing of the bug.
std::string failure_with(PlantedBug& bug, const Program& program)
{
    Coverage unused;
    return failure_among(
        program, {play(program, "poll", unused), play(program, "poll", unused, with_bug(bug))});
}

/// Whether the program fails when the bug strikes at one of the chances that it has there. In the
/// smallest one it would strike as seldom as elsewhere.
bool can_fail_with(PlantedBug::Kind kind, const Program& program)
{
    PlantedBug harmless{kind, 1'000'000};
    if (!failure_with(harmless, program).empty())
        return false;
    for (int chance = 1; chance <= harmless.chances; ++chance) {
        PlantedBug bug{kind, 1'000'000, 1'000'000 - chance};
        if (!failure_with(bug, program).empty())
            return true;
    }
    return false;
}

/// The first program, of those that are played anyway, in which the bug is seen. Without those in
/// which all must come to an end, for whoever never does is waited for in real time.
std::optional<Program> first_to_show(PlantedBug bug)
{
    for (unsigned seed = 1; seed <= usual_seeds(); ++seed) {
        const Program program = random_program(seed);
        if (program.order != Order::flows && !failure_with(bug, program).empty())
            return program;
    }
    return std::nullopt;
}

}

TEST_CASE("random programs come to the same on every reactor", "[differential][random]")
{
    Coverage coverage;
    int failures = 0;
    for (unsigned seed = first_seed(), left = seeds(); left > 0 && failures < 3; ++seed, --left) {
        begin_seed(seed);
        INFO("seed " << seed);  // should the process die of it
        const Program program = random_program(seed);
        const std::string failure = failure_of(program, coverage);
        if (failure.empty())
            continue;
        ++failures;
        FAIL_CHECK("seed " << seed << ": " << failure);
        FAIL_CHECK("shrunk: " << smallest(program));
    }
    coverage.print(std::cout);
    if (seeds() >= 1000)  // fewer do not show all, as with a sanitizer
        CHECK(coverage.missing() == std::vector<std::string>());
}

TEST_CASE("a bug that strikes once in a thousand times is found, and shown in a few lines",
          "[differential][random]")
{
    if (is_sanitized())
        return skip("with sanitizers too few programs are played to meet it");
    using Kind = PlantedBug::Kind;
    const Kind kind = GENERATE(Kind::lost_wakeup, Kind::wrong_count, Kind::lost_closing);
    const int every = kind == Kind::lost_closing ? 10 : 1000;  // few are closed while waited for
    const std::optional<Program> program = first_to_show({kind, every});
    REQUIRE(program);
    const Program small =
        shrunk(*program, [&](const Program& smaller) { return can_fail_with(kind, smaller); });
    const std::string code = as_code(small);
    INFO(code);
    CHECK(std::count(code.begin(), code.end(), '\n') < 10);
    CHECK(number_of_steps(small) <= 3);
}

TEST_CASE("a program is printed as the code that makes it", "[differential]")
{
    const Program program{
        Order::apart,
        {{Stream::Kind::unix_pair}, {Stream::Kind::pipe, true}},
        {{{.kind = Kind::read, .amount = 10, .limit = 2}, {.kind = Kind::fail}},
         {{.kind = Kind::send_descriptors, .target = 1, .amount = 1, .passed = 3}},
         {{.kind = Kind::with_timeout, .amount = 3, .body = {{.kind = Kind::pass}}}}},
        true};
    CHECK(as_code(program) == R"(const Program program{
    Order::apart,
    {{Stream::Kind::unix_pair}, {Stream::Kind::pipe, true}},
    {{{.kind = Kind::read, .amount = 10, .limit = 2}, {.kind = Kind::fail}},
     {{.kind = Kind::send_descriptors, .target = 1, .amount = 1, .passed = 3}},
     {{.kind = Kind::with_timeout, .amount = 3, .body = {{.kind = Kind::pass}}}}},
    true};
CHECK(failure_of(program) == "");
)");
    CHECK(failure_of(program) == "");
}
