#include "tests/support/child.hpp"
#include "tests/support/rings.hpp"
#include "tests/support/seccomp.hpp"

#include "reactors/ring.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cerrno>
#include <map>

#if __has_include(<liburing.h>) && !defined(COGEN_WITHOUT_LIBURING)

#include <sys/syscall.h>

using namespace cogen;

// The ring by itself, without a reactor.

namespace {

io_uring_sqe nothing_to_do()
{
    io_uring_sqe entry{};
    ::io_uring_prep_nop(&entry);
    return entry;
}

}

TEST_CASE("behind an entry that the kernel refuses a ring hands over the others, in whatever way "
          "it is set up",
          "[io_uring]")
{
    if (!there_is_a_ring())
        return;
    Ring ring(8, GENERATE(Ring::Way::deferred, Ring::Way::cooperative, Ring::Way::at_once));
    io_uring_sqe unknown{};
    unknown.opcode = UINT8_MAX;
    ring.add(unknown, 1);
    ring.add(nothing_to_do(), 2);
    ring.add(nothing_to_do(), 3);
    ring.submit();

    std::map<std::uint64_t, int> answers;
    std::array<Ring::Completion, 8> completions;
    for (std::size_t left = ring.take(completions); left-- > 0;)
        answers[completions[left].mark] = completions[left].answer;
    CHECK(answers == std::map<std::uint64_t, int>{{1, -EINVAL}, {2, 0}, {3, 0}});
}

TEST_CASE("where the kernel takes no entries, the one that has no room any more is an error",
          "[io_uring]")
{
    if (!there_is_a_ring())
        return;
    const Child child = child_that_runs([] {
        Ring ring(2);
        if (!forbid({SYS_io_uring_enter}, EAGAIN))
            ::_exit(0);
        ring.add(nothing_to_do(), 1);
        ring.add(nothing_to_do(), 2);
        try {
            ring.add(nothing_to_do(), 3);
        } catch (const system_error& error) {
            ::_exit(error.code().value() == EAGAIN ? 0 : 2);
        }
        ::_exit(1);
    });
    CHECK(child.status == 0);
}

#endif
