// SPDX-License-Identifier: MIT
//
// The floor of everything that switches stacks: a bare jump into a context of Boost.Context and
// back, without a scheduler, an operation, a result or an end. It is what Boost.Coroutine2 stands
// on.
#include "bench/ask_child.hpp"
#include "bench/micro/cases.hpp"
#include "bench/micro/stopwatch.hpp"

#include <cerrno>
#include <cstddef>
#include <memory>
#include <system_error>

#include <boost/context/detail/fcontext.hpp>
#include <sys/mman.h>

namespace bench {
namespace {

using boost::context::detail::fcontext_t;
using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

/// Contexts on small stacks that lie side by side, each of which jumps back whenever it is entered.
class RawContexts {
public:
    explicit RawContexts(unsigned count) : size_(count * stack_size)
    {
        void* memory = mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED)
            throw std::system_error(errno, std::generic_category(), "mmap");
        stacks_ = static_cast<std::byte*>(memory);
        for (unsigned i = 0; i < count; ++i)
            contexts_.push_back(
                make_fcontext(stacks_ + (i + 1) * stack_size, stack_size, jump_back_for_ever));
    }
    ~RawContexts() { munmap(stacks_, size_); }
    RawContexts(const RawContexts&) = delete;
    RawContexts& operator=(const RawContexts&) = delete;

    void enter_each()
    {
        for (fcontext_t& context : contexts_)
            context = jump_fcontext(context, nullptr).fctx;
    }

private:
    static constexpr std::size_t stack_size = 16 * 1024;

    static void jump_back_for_ever(transfer_t from)
    {
        for (;;)
            from = jump_fcontext(from.fctx, nullptr);
    }

    std::size_t size_;
    std::byte* stacks_;
    std::vector<fcontext_t> contexts_;
};

/// One context, entered again and again, whatever it is held against: what a thousand stacks cost
/// in cache misses is part of what is measured, and not to be hidden in the floor.
MicroCase pair(const std::string& what)
{
    return {what, "floor", "ns", [context = std::make_shared<RawContexts>(1)] {
                Stopwatch watch;
                watch.start();
                for (unsigned i = 0; i < turns_in_a_round; ++i)
                    context->enter_each();
                watch.stop();
                return watch.nanoseconds_each(turns_in_a_round);
            }};
}

double memory_of_each(unsigned count)
{
    return ask_child([count](const Answer& answer) {
        const double before = resident_kib();
        RawContexts contexts(count);
        contexts.enter_each();
        answer((resident_kib() - before) / count);
    });
}

}

MicroCases floor_cases(unsigned suspended)
{
    MicroCases cases;
    for (const unsigned count : yield_sizes)
        cases.push_back(pair(yield_among(count)));
    cases.push_back(pair(call_and_return));
    cases.push_back(pair(spawn_and_finish));
    cases.push_back({memory_of(suspended), "floor", "KiB",
                     [suspended] { return memory_of_each(suspended); }, true});
    return cases;
}

}
