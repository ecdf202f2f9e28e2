// SPDX-License-Identifier: MIT
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <exception>
#include <string>

namespace cogen {

using boost::system::error_code;
using boost::system::system_error;

/// Ends of an operation that no system call reports. Compare with them:
/// `if (error == errc::timed_out)`.
enum class errc {
    timed_out = 1,            ///< its time ran out before it was complete
    closed,                   ///< its descriptor was closed while it waited
    simultaneous,             ///< somebody reads (or writes) this descriptor already
    end_of_stream,            ///< the peer finished before everything had come
    cancelled,                ///< its coroutine was interrupted, or whom it waits for cancelled
    deadlock,                 ///< it waits for the coroutine that yields it
    raised,                   ///< an exception is thrown in its stead
    yielded_while_unwinding,  ///< a destructor yielded it while an exception was on its way
    too_long,                 ///< more has come than there may be of what was asked for
    descriptor_too_large,     ///< its reactor (select) cannot wait for so large a number
};

/// The category of `errc`, "cogen".
const boost::system::error_category& cogen_category();

/// So that an errc is compared with an error_code, and made one.
error_code make_error_code(errc code);

// What result() throws for an error of the same name. Other errors are plain system_errors.

/// Thrown for errc::timed_out: a time ran out, that of an operation or of a with_timeout around it.
class TimeoutError : public system_error {
    using system_error::system_error;
};

/// Thrown for errc::closed: the descriptor was closed, by whomever, while the operation waited.
class ClosedError : public system_error {
    using system_error::system_error;
};

/// Thrown for errc::simultaneous: somebody reads (or writes) this descriptor already. That is a
/// mistake in the program, not of the peer.
class SimultaneousError : public system_error {
    using system_error::system_error;
};

/// Thrown for errc::end_of_stream: the peer finished before everything had come.
class EndOfStream : public system_error {
public:
    explicit EndOfStream(error_code error, const std::string& what, std::size_t so_far = 0)
        : system_error(error, what), so_far_(so_far)
    {}

    /// How many bytes had come by then.
    std::size_t so_far() const { return so_far_; }

private:
    std::size_t so_far_;
};

/// What a cancelled coroutine finds thrown at its yields. It is no `std::exception`, so that a
/// handler meant for errors lets it pass.
class Cancelled {};

/// The code of an `errno` value.
error_code system_error_code(int number);

/// What an exception says of itself.
std::string message_of(const std::exception_ptr& exception);

/// Throws what stands for `error`; `what` says which operation failed and on what.
[[noreturn]] void throw_error(error_code error, const std::string& what);

}

namespace boost::system {

/// So that an errc is an error_code where one is asked for.
template <>
struct is_error_code_enum<cogen::errc> : std::true_type {};

}
