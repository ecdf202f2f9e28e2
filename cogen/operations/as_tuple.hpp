// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/adaptor.hpp"
#include "cogen/wrapper.hpp"

#include <tuple>
#include <type_traits>

namespace cogen {

/// An operation that answers with its error beside its result, instead of throwing it:
/// `auto [error, count] = yield(socket.read(buffer) | as_tuple);`. Where there is an error, the
/// value is what the operation has come to so far if it can tell (so_far()), or an empty one: a
/// result that cannot be told so far needs a default constructor.
///
/// It holds back system_errors, those of a called or joined coroutine too, and nothing else: other
/// exceptions pass, and so does cancellation. A time-out of the operation is an error like others;
/// that of a with_timeout around it is none, and passes.
template <class Op>
class [[nodiscard]] AsTuple final : public Wrapper<Op> {
    using Answer = std::remove_cvref_t<decltype(std::declval<Op&>().result())>;

public:
    using Result = std::conditional_t<std::is_void_v<Answer>, std::tuple<error_code>,
                                      std::tuple<error_code, Answer>>;

    explicit AsTuple(Op&& operation) : Wrapper<Op>(std::forward<Op>(operation)) {}

    Result result()
    {
        if (this->error() == errc::cancelled)  // what others have raised may be a system_error, too
            static_cast<void>(Wrapper<Op>::result());
        try {
            if constexpr (std::is_void_v<Answer>) {
                Wrapper<Op>::result();
                return {};
            } else {
                return {error_code(), Wrapper<Op>::result()};
            }
        } catch (const system_error& failure) {
            return failed(failure.code());
        }
    }

    std::string describe() const override { return Wrapper<Op>::describe() + " | as_tuple"; }

    // It goes last: what stands behind it would not see the error.
    template <class A>
    friend void operator|(AsTuple&&, A) = delete;
    template <class A>
    friend void operator|(AsTuple&, A) = delete;

private:
    Result failed(error_code error) const
    {
        if constexpr (std::is_void_v<Answer>)
            return {error};
        else if constexpr (requires { this->so_far(); })
            return {error, this->so_far()};
        else
            return {error, Answer()};
    }
};

/// See AsTuple.
inline constexpr auto as_tuple = []<Yieldable Op>(Op&& operation) {
    return AsTuple<Op>(std::forward<Op>(operation));
};

}
