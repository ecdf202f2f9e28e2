#pragma once

#include "cogen/cogen.hpp"

#include <stdexcept>
#include <string>

namespace matrix {

/// What somebody raises in a coroutine.
struct Eggs : std::runtime_error {
    Eggs() : std::runtime_error("eggs") {}
};

/// What `error` is called in the matrix.
inline std::string word_for(const cogen::error_code& error)
{
    using cogen::errc;
    return error == errc::timed_out ? "timed out"
           : error == errc::closed  ? "closed"
                                    : error.message();
}

/// What comes of `body`, which answers with a word: that, or one for what it throws.
template <class Body>
std::string word_from(Body body)
{
    try {
        return body();
    } catch (const cogen::LeaveScope&) {
        return "made to leave";
    } catch (const cogen::Cancelled&) {
        return "cancelled";
    } catch (const Eggs&) {
        return "raised";
    } catch (const cogen::system_error& error) {
        return word_for(error.code());
    } catch (const std::exception& error) {
        return error.what();
    }
}

}
