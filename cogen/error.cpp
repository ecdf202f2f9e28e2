// SPDX-License-Identifier: MIT
#include "cogen/error.hpp"

#include <sys/select.h>

namespace cogen {
namespace {

class Category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "cogen"; }

    std::string message(int code) const override
    {
        switch (static_cast<errc>(code)) {
        case errc::timed_out:
            return "timed out";
        case errc::closed:
            return "closed while waiting";
        case errc::simultaneous:
            return "somebody else is already at it";
        case errc::end_of_stream:
            return "the peer finished early";
        case errc::cancelled:
            return "cancelled";
        case errc::deadlock:
            return "it would wait for itself";
        case errc::raised:
            return "ended by an exception";
        case errc::yielded_while_unwinding:
            return "yielded by a destructor while unwinding";
        case errc::too_long:
            return "too long";
        case errc::descriptor_too_large:
            return "its number is too large: select waits for those below "
                   + std::to_string(FD_SETSIZE) + " only";
        }
        return "unknown error " + std::to_string(code);
    }
};

}

const boost::system::error_category& cogen_category()
{
    static const Category category;
    return category;
}

error_code make_error_code(errc code) { return {static_cast<int>(code), cogen_category()}; }

error_code system_error_code(int number) { return {number, boost::system::system_category()}; }

std::string message_of(const std::exception_ptr& exception)
{
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception& known) {
        return known.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

void throw_error(error_code error, const std::string& what)
{
    if (error == errc::timed_out)
        throw TimeoutError(error, what);
    if (error == errc::closed)
        throw ClosedError(error, what);
    if (error == errc::simultaneous)
        throw SimultaneousError(error, what);
    if (error == errc::end_of_stream)
        throw EndOfStream(error, what);
    if (error == errc::cancelled)
        throw Cancelled();
    throw system_error(error, what);
}

}
