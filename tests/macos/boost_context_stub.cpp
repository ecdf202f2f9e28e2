#include <boost/context/detail/fcontext.hpp>  // allowed: it is what the library would define
#include <boost/context/stack_traits.hpp>

#include <cstdlib>

// What Boost.Context's library would bring for macOS, which is not to be had here: enough to link a
// program, and so to see that that system has everything else it asks for. It is not run.

namespace boost::context {

bool stack_traits::is_unbounded() noexcept { std::abort(); }
std::size_t stack_traits::page_size() noexcept { std::abort(); }
std::size_t stack_traits::default_size() noexcept { std::abort(); }
std::size_t stack_traits::minimum_size() noexcept { std::abort(); }
std::size_t stack_traits::maximum_size() noexcept { std::abort(); }

}

using boost::context::detail::fcontext_t;
using boost::context::detail::transfer_t;

extern "C" {

fcontext_t make_fcontext(void*, std::size_t, void (*)(transfer_t)) { std::abort(); }
transfer_t jump_fcontext(const fcontext_t, void*) { std::abort(); }
transfer_t ontop_fcontext(const fcontext_t, void*, transfer_t (*)(transfer_t)) { std::abort(); }
}
