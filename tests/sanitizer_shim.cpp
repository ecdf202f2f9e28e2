// Lets AddressSanitizer follow coroutines with the Boost.Context that distributions package.
//
// A sanitizer has to be told of every change of stack; otherwise it takes the first exception
// thrown on a coroutine's stack for an overflow. Boost.Context tells it only where it switches by
// ucontext (BOOST_USE_UCONTEXT with BOOST_USE_ASAN), not where its own assembly does. The headers
// bring all of that but for current(), which is in the library when that was built with
// context-impl=ucontext; the packaged ones were not.
//
// With ucontext comes a second obstacle. The sanitizer's own swapcontext forgets, at each switch,
// where the variables of the stack it switches to end. A buffer overrun would then be found only
// in functions called since the last yield, and never in the buffer that a read waited for. So the
// switch goes past the sanitizer to the C library. What stays to do is to forget once, where a new
// coroutine takes over a used stack.
//
// The third is that Boost, where a coroutine has ended, asks whether the one it switches to has. So
// the sanitizer keeps for all that have ended what it needs to find the use of variables that are
// gone: hundreds of kilobytes each. The linker has that call come here first (--wrap).
//
// Only builds with sanitize=address have this file: the sanitized tests run over ucontext, the
// plain ones over what users run.

#include <boost/context/fiber.hpp>

#include <cstdarg>

#include <dlfcn.h>
#include <sanitizer/asan_interface.h>
#include <ucontext.h>

#if !defined(BOOST_USE_UCONTEXT) || !defined(BOOST_USE_ASAN)
#error "this file goes with -DBOOST_USE_UCONTEXT -DBOOST_USE_ASAN"
#endif

namespace boost::context::detail {

fiber_activation_record*& fiber_activation_record::current() noexcept
{
    // The first to run in a thread is the thread itself, on a stack that is nobody's to free.
    thread_local fiber_activation_record thread;
    thread_local fiber_activation_record* running = &thread;
    return running;
}

}

extern "C" {

void __real___sanitizer_start_switch_fiber(void** save, const void* bottom, std::size_t size);

void __wrap___sanitizer_start_switch_fiber(void** save, const void* bottom, std::size_t size)
{
    const bool ended = boost::context::detail::fiber_activation_record::current()->from->terminated;
    __real___sanitizer_start_switch_fiber(ended ? nullptr : save, bottom, size);
}
}

#ifdef __GLIBC__

namespace {

template <class Function>
Function* in_c_library(const char* name)
{
    return reinterpret_cast<Function*>(dlsym(dlopen("libc.so.6", RTLD_LAZY), name));
}

}

extern "C" int swapcontext(ucontext_t* from, const ucontext_t* to) noexcept
{
    static const auto swap = in_c_library<decltype(::swapcontext)>("swapcontext");
    return swap(from, to);
}

extern "C" void makecontext(ucontext_t* context, void (*entry)(), int count, ...) noexcept
{
    static const auto make = in_c_library<decltype(::makecontext)>("makecontext");
    __asan_unpoison_memory_region(context->uc_stack.ss_sp, context->uc_stack.ss_size);

    std::va_list arguments;  // of Boost.Context: one, the record of the new coroutine
    va_start(arguments, count);
    make(context, entry, count, va_arg(arguments, void*));
    va_end(arguments);
}

#endif
