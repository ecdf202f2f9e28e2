// SPDX-License-Identifier: MIT
#pragma once

#include <boost/version.hpp>

#include <cxxabi.h>

#include <cstring>

#ifdef __APPLE__
// Its runtime has this, but its header does not say so.
extern "C" void* __cxa_get_globals() noexcept;
#endif

namespace cogen {

// The C++ runtime keeps the exceptions that are being handled, and the number of those that are on
// their way, for each *thread*. A coroutine that yields inside a catch block leaves its exception
// there: whoever rethrows next, in whatever coroutine, rethrows that one. So each coroutine has the
// two words of its own, and they change places with the thread's around each resume.
//
// Boost.Context does this itself since 1.88; done twice it would undo itself.

/// A coroutine's share of the runtime's bookkeeping of exceptions.
class ExceptionState {
public:
    static constexpr bool kept_by_boost = BOOST_VERSION >= 108800;

    /// The bookkeeping of the thread that asks. To find it costs more than to exchange it, so it is
    /// asked for once in a while, not at each resume.
    static void* of_this_thread()
    {
#ifdef __APPLE__
        return __cxa_get_globals();
#else
        return abi::__cxa_get_globals();
#endif
    }

    /// Exchanges it with the thread's, before a resume and after it.
    void swap_with([[maybe_unused]] void* thread)
    {
        if constexpr (!kept_by_boost) {
            Words there;
            std::memcpy(&there, thread, sizeof there);
            std::memcpy(thread, &words_, sizeof words_);
            words_ = there;
        }
    }

    /// Whether an exception was on its way when it was last taken from the thread. Cannot be told
    /// where Boost keeps the words.
    bool unwinding() const { return words_.uncaught != 0; }

private:
    // As the Itanium C++ ABI lays out __cxa_eh_globals.
    struct Words {
        void* caught = nullptr;
        unsigned long uncaught = 0;  // an unsigned int, and the padding behind it
    };
    Words words_;
};

}
