// SPDX-License-Identifier: MIT
#include "cogen/operation.hpp"

namespace cogen {

// Not inline: a yield with all of its failures inlined costs a third more.
void Operation::throw_failure() const
{
    if (error_ == errc::raised || error_ == errc::cancelled)
        waiter_->raise();
    throw_error(error_, describe());
}

}
