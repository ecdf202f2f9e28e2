// SPDX-License-Identifier: MIT
#include "reactors/ring.hpp"

#if __has_include(<liburing.h>) && !defined(COGEN_WITHOUT_LIBURING)

#include "cogen/error.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <memory>
#include <span>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace cogen {
namespace {

// A kernel that is too old for a flag refuses it with EINVAL. Nothing else may stand in here: flags
// that change how the queues lie in memory (NO_SQARRAY, NO_MMAP, CQE_MIXED, ...) make a library
// that does not know them write into the kernel's counters, after which a thread may hang in the
// kernel for good.
constexpr unsigned flags_of(Ring::Way way)
{
    switch (way) {
    case Ring::Way::deferred:
        // One thread enters it. It is asleep until enabled, so that this is the thread of the loop,
        // whoever made it.
        return IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG
               | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_R_DISABLED;
    case Ring::Way::cooperative:
        return IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL;
    case Ring::Way::at_once:
        return 0;
    }
    return 0;
}

constexpr unsigned fewest_entries = 64;

// Overflowing completions are kept; a wait has a time-out; what entries point to is copied; and the
// last one comes with the kernel (5.13) whose polls may report more than once.
constexpr unsigned needed_features =
    IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_RSRC_TAGS;

// IORING_FEAT_RECVSEND_BUNDLE, which older headers lack. It tells a kernel (6.10) that can begin to
// accept by waiting: there is no feature for that.
constexpr unsigned of_accept_poll_first = 1 << 14;

constexpr int needed_calls[] = {IORING_OP_NOP,     IORING_OP_POLL_ADD, IORING_OP_ASYNC_CANCEL,
                                IORING_OP_RECV,    IORING_OP_SEND,     IORING_OP_RECVMSG,
                                IORING_OP_SENDMSG, IORING_OP_ACCEPT};

std::string forbidden()
{
    int disabled = 0;
    std::ifstream("/proc/sys/kernel/io_uring_disabled") >> disabled;
    if (disabled != 0)
        return "io_uring is forbidden by the sysctl kernel.io_uring_disabled="
               + std::to_string(disabled);
    return "io_uring is forbidden here, by a seccomp filter as containers have it";
}

std::string out_of_memory()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_MEMLOCK, &limit);
    return "io_uring: this user's rings have used up the memory that they may lock, RLIMIT_MEMLOCK "
           "of "
           + std::to_string(limit.rlim_cur / 1024) + " KiB (ulimit -l, LimitMEMLOCK)";
}

/// The sentence that a user needs.
[[noreturn]] void refuse(const char* call, int error)
{
    std::string why = std::string(call) + " failed";
    switch (error) {
    case EPERM:
    case EACCES:
        why = forbidden();
        break;
    case ENOSYS:
        why = "this kernel, or the sandbox around us, has no io_uring";
        break;
    case ENOMEM:
        why = out_of_memory();
        break;
    default:
        break;
    }
    throw_error(system_error_code(error), why);
}

[[noreturn]] void too_old(const std::string& what)
{
    throw_error(system_error_code(ENOSYS), "io_uring: this kernel is too old, it lacks " + what);
}

/// Filters may forbid one of the three calls only, so we make all of them.
void try_out()
{
    io_uring ring{};
    if (const int answer = ::io_uring_queue_init(2, &ring, 0); answer < 0)
        refuse("io_uring_setup", -answer);
    const std::unique_ptr<io_uring, void (*)(io_uring*)> exit(&ring, &::io_uring_queue_exit);
    if ((ring.features & needed_features) != needed_features)
        too_old("features " + std::to_string(needed_features & ~ring.features));

    const std::unique_ptr<io_uring_probe, void (*)(io_uring_probe*)> probe(
        ::io_uring_get_probe_ring(&ring), &::io_uring_free_probe);
    if (!probe)
        throw_error(system_error_code(EPERM), forbidden());
    for (const int call : needed_calls)
        if (!::io_uring_opcode_supported(probe.get(), call))
            too_old("the operation " + std::to_string(call));

    ::io_uring_prep_nop(::io_uring_get_sqe(&ring));
    io_uring_cqe* completion = nullptr;
    int answer = ::io_uring_submit(&ring);
    if (answer >= 0)
        answer = ::io_uring_wait_cqe(&ring, &completion);
    if (answer < 0)
        refuse("io_uring_enter", -answer);
}

/// Once is enough: what a filter forbids later is found by the calls themselves.
void check_that_it_works()
{
    static std::atomic<bool> works = false;
    if (works)
        return;
    try_out();
    works = true;
}

}

Ring::Ring(unsigned entries, Way best)
{
    check_that_it_works();
    int answer = set_up(entries, best);
    while (answer == -ENOMEM && entries > fewest_entries)
        answer = set_up(entries /= 2, best);
    if (answer < 0)
        refuse("io_uring_setup", -answer);
    enabled_ = way_ != Way::deferred;
    // What came later than its way it lacks, as on a kernel of that time.
    skips_success_ = way_ != Way::at_once && ring_.features & IORING_FEAT_CQE_SKIP;
    polls_first_to_accept_ = way_ == Way::deferred && ring_.features & of_accept_poll_first;
    ::io_uring_ring_dontfork(&ring_);
}

int Ring::set_up(unsigned entries, Way best)
{
    int answer = -EINVAL;
    for (const Way way : {Way::deferred, Way::cooperative, Way::at_once}) {
        if (way < best)
            continue;
        io_uring_params parameters{};
        parameters.flags = flags_of(way) | IORING_SETUP_CQSIZE;
        parameters.cq_entries = 16 * entries;
        answer = ::io_uring_queue_init_params(entries, &ring_, &parameters);
        if (answer == -EINVAL)  // the system is too old for it
            continue;
        way_ = way;
        break;
    }
    return answer;
}

/// In a copy of the process the queues are not there; what is closed is the copy's descriptor.
Ring::~Ring()
{
    if (copied())
        ::close(ring_.ring_fd);
    else
        ::io_uring_queue_exit(&ring_);
}

/// By the thread of the loop, which then is the one that may enter.
//
// The ring could be registered with that thread, too, which saves the kernel the way from number to
// ring at each enter: 50 ns of 20,000 for a lone request, which no measurement shows. And a ring
// that another thread destroys would be taken for that one's own.
void Ring::enable()
{
    const int answer = ::io_uring_register(static_cast<unsigned>(ring_.ring_fd),
                                           IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
    if (answer < 0)
        refuse("io_uring_register", -answer);
    enabled_ = true;
}

void Ring::add(const io_uring_sqe& entry, std::uint64_t mark)
{
    if (copied()) [[unlikely]]
        throw_error(system_error_code(EPERM), "io_uring: the ring is that of our parent process");
    constexpr int enough = 100;  // where the kernel has no memory for more, it takes none of them
    io_uring_sqe* place = ::io_uring_get_sqe(&ring_);
    for (int tries = 0; !place && tries < enough; ++tries) {
        submit();
        place = ::io_uring_get_sqe(&ring_);
    }
    if (!place) [[unlikely]]
        throw_error(system_error_code(EAGAIN), "io_uring: the kernel takes no more entries");
    *place = entry;
    place->user_data = mark;
}

void Ring::add_cancel(std::uint64_t mark)
{
    io_uring_sqe entry{};
    ::io_uring_prep_cancel64(&entry, mark, 0);
    if (skips_success_)
        entry.flags = IOSQE_CQE_SKIP_SUCCESS;
    add(entry, 0);
}

void Ring::submit()
{
    if (!enabled_)
        enable();
    int answer;
    do {  // a kernel before 5.18 stops at an entry that is an error
        ++enters_.count;
        answer = ::io_uring_submit_and_get_events(&ring_);
    } while (answer > 0 && ::io_uring_sq_ready(&ring_) > 0);
    check(answer);
}

void Ring::enter(Patience patience)
{
    if (patience == Duration::zero()) {
        submit();
        return;
    }
    if (!enabled_)
        enable();
    __kernel_timespec timeout{};
    if (patience) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*patience);
        timeout.tv_sec = seconds.count();
        timeout.tv_nsec = (*patience - seconds).count();
    }
    ++enters_.count;
    io_uring_cqe* first = nullptr;
    check(::io_uring_submit_and_wait_timeout(&ring_, &first, 1, patience ? &timeout : nullptr,
                                             nullptr));
}

void Ring::check(int answer)
{
    switch (-answer) {
    case ETIME:   // the time is over
    case EINTR:   // a signal: a wait in which nothing happened
    case EAGAIN:  // these two want completions to be taken first
    case EBUSY:
        return;
    case EEXIST:
        throw_error(system_error_code(EEXIST),
                    "io_uring_enter: a ring belongs to the thread that ran its scheduler first");
    default:
        if (answer < 0)
            refuse("io_uring_enter", -answer);
    }
}

std::size_t Ring::take(std::span<Completion> completions)
{
    std::size_t count = 0;
    unsigned head = 0;
    io_uring_cqe* completion = nullptr;
    io_uring_for_each_cqe(&ring_, head, completion)
    {
        if (count == completions.size())
            break;
        completions[count++] = {completion->user_data, completion->res, completion->flags};
    }
    ::io_uring_cq_advance(&ring_, static_cast<unsigned>(count));
    return count;
}

bool Ring::quiet() const
{
    const unsigned flags = __atomic_load_n(ring_.sq.kflags, __ATOMIC_RELAXED);
    return ::io_uring_sq_ready(&ring_) == 0
           && (flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) == 0;
}

}

#endif
