// SPDX-License-Identifier: MIT
#include "cogen/stackful.hpp"

#include <cstdint>
#include <stdexcept>

namespace cogen {
namespace {

/// Gives Boost the stack that we have, less what lies on its top already.
class StackLender {
public:
    using traits_type = boost::context::stack_traits;

    explicit StackLender(Stack stack) : stack_(stack) {}

    boost::context::stack_context allocate()
    {
        boost::context::stack_context context;
        context.sp = stack_.top;
        context.size = stack_.size;
        return context;
    }

    void deallocate(boost::context::stack_context&) noexcept {}

private:
    Stack stack_;
};

/// What a coroutine takes on the top of its own stack.
constexpr std::size_t room = (sizeof(StackfulCoroutine) + 63) / 64 * 64;

StackfulCoroutine* coroutine_on(const Stack& stack) noexcept
{
    return reinterpret_cast<StackfulCoroutine*>(stack.top - room);
}

// A stack that is taken and not yet lived on is all zeros: a coroutine that does not run.
const Coroutine* tenant_of(const Stack& stack) noexcept { return coroutine_on(stack); }

}

/// Flattened for the same reason as Yield. Aligned, because where it begins within a cache line is
/// worth 5 % of a yield, and that should not depend on what stands before it.
[[gnu::flatten, gnu::aligned(64)]] Operation* StackfulCoroutine::resume()
{
    for (;;) {
        exceptions_.swap_with(front_end_.thread_exceptions_);
        source_();
        exceptions_.swap_with(front_end_.thread_exceptions_);

        Operation* const operation = source_.get();
        if (!exceptions_.unwinding()) [[likely]]
            return operation;
        // A destructor has yielded while an exception leaves its scope. To suspend there would
        // keep the exception from whoever waits for it, for as long as somebody else likes.
        operation->refuse(*this, errc::yielded_while_unwinding);
    }
}

void Yield::refuse(const Operation& operation) const
{
    if (coroutine_.state() != State::running)
        throw std::logic_error(operation.describe()
                               + " yielded with the Yield of another coroutine, "
                               + coroutine_.record().title());
    throw_error(errc::yielded_while_unwinding, operation.describe());
}

StackfulCoroutine::StackfulCoroutine(StackfulFrontEnd& front_end, StackfulShelf& shelf, Stack stack)
    : front_end_(front_end),
      source_(StackLender(stack),
              [this](Yield::Sink& sink) {
                  Yield yield(*this, sink);
                  for (;;) {
                      sink(nullptr);  // to wait for the first function, or at the end of one
                      if (front_end_.ended_) [[unlikely]]
                          paint();
                      body_->run(yield, *this);
                  }
              }),
      shelf_(shelf)
{}

/// The last to end is the first to be used again: its stack is still in the processor's caches.
void StackfulCoroutine::retire()
{
    if (front_end_.ended_) [[unlikely]] {
        if (const auto used = stack_used())
            front_end_.ended_->add(record().site(), stack().size, *used);
    }
    painted_ = false;
    if (front_end_.discards_) [[unlikely]]
        discard();
    else
        shelf_.idle.push_front(*this);
}

/// It ends with its stack, on which it lies.
void StackfulCoroutine::discard()
{
    const Stack its_stack = stack();
    const Stacks& stacks = shelf_.stacks;
    this->~StackfulCoroutine();
    stacks.discard(its_stack);
}

/// Apart, so that the frame below which all others lie stays as small as it is.
[[gnu::noinline]] void StackfulCoroutine::paint()
{
    paint_unused(stack());
    painted_ = true;
}

Stack StackfulCoroutine::stack() const
{
    auto* const here = reinterpret_cast<std::byte*>(const_cast<StackfulCoroutine*>(this));
    return {here + room, shelf_.stacks.stack_size()};
}

std::optional<std::size_t> StackfulCoroutine::stack_used() const
{
    return painted_ ? std::optional(bytes_used(stack())) : std::nullopt;
}

StackfulShelf::StackfulShelf(std::size_t stack_size) : stacks(stack_size, tenant_of) {}

StackfulCoroutine& StackfulFrontEnd::take(std::size_t stack_size)
{
    StackfulShelf& shelf = this->shelf(stack_size);
    if (!shelf.idle.empty())
        return static_cast<StackfulCoroutine&>(shelf.idle.pop_front());

    Stack stack = shelf.stacks.take();
    stack.top -= room;
    stack.size -= room;
    return *new (stack.top) StackfulCoroutine(*this, shelf, stack);
}

StackfulShelf& StackfulFrontEnd::shelf(std::size_t stack_size)
{
    if (stack_size <= default_shelf_.stacks.stack_size())
        return default_shelf_;
    // A few sizes serve all, since stacks of one size are cut from a slab of their own.
    const std::size_t step = StackfulBody::default_stack_size;
    const std::size_t rounded =
        stack_size > SIZE_MAX - step ? SIZE_MAX : (stack_size + step - 1) / step * step;
    return other_shelves_.try_emplace(rounded, rounded).first->second;
}

void StackfulFrontEnd::measure_stacks()
{
    if (!ended_)
        ended_ = std::make_unique<StackUses>();
}

StackUses StackfulFrontEnd::stack_uses() const
{
    StackUses uses = ended_ ? *ended_ : StackUses();
    const auto add_living = [&](const StackfulShelf& shelf) {
        shelf.stacks.for_each([&](const Stack& stack) {
            const StackfulCoroutine& coroutine = *coroutine_on(stack);
            if (const auto used = coroutine.stack_used())
                uses.add(coroutine.record().site(), stack.size, *used);
        });
    };
    add_living(default_shelf_);
    for (const auto& [size, shelf] : other_shelves_)
        add_living(shelf);
    return uses;
}

StackfulFrontEnd::~StackfulFrontEnd()
{
    const auto destroy = [](StackfulShelf& shelf) {
        while (!shelf.idle.empty())
            static_cast<StackfulCoroutine&>(shelf.idle.pop_front()).~StackfulCoroutine();
    };
    destroy(default_shelf_);
    for (auto& [size, shelf] : other_shelves_)
        destroy(shelf);
}

}
