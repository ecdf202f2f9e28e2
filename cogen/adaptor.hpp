// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operation.hpp"

#include <utility>

namespace cogen {

/// What may stand behind an operation and a bar, `operation | adaptor`: it makes another operation
/// of it. An operation that has a name stays where it is, and is only referred to, so what is made
/// of it must not outlive it; a temporary is moved.
template <class A, class Op>
concept AdaptorOf = requires(A adaptor, Op&& operation)
{
    {
        adaptor(std::forward<Op>(operation))
        } -> Yieldable;
};

/// What the adaptor makes of the operation.
template <Yieldable Op, AdaptorOf<Op> A>
decltype(auto) operator|(Op&& operation, A adaptor)
{
    return adaptor(std::forward<Op>(operation));
}

}
