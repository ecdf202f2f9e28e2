// SPDX-License-Identifier: MIT
#pragma once

namespace cogen {

/// How often fork(2) has been called on the way to this process: another number in a child than in
/// its parent. Costs no system call.
unsigned forks() noexcept;

}
