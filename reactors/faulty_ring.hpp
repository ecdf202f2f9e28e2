// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/faults.hpp"
#include "reactors/reactor.hpp"

#include <memory>

namespace cogen {

/// The reactor "io_uring" on a ring that makes trouble by chance, as a kernel may: what it was told
/// to do is given up without anybody's asking, and it says ECANCELED, EINTR or EAGAIN; fewer bytes
/// go through a stream than could; a poll tells of a readiness that is none; a hint that there is
/// more to read is not true; completions are late, and in another order. What is given up has not
/// been done, and what has been done is told, so what comes of an operation is the same. The other
/// faults are those of a FaultyReactor around it.
///
/// Throws a system_error where there is no ring, as make_reactor("io_uring") does.
std::unique_ptr<Reactor> make_reactor_on_faulty_ring(std::shared_ptr<Faults> faults,
                                                     const ReactorOptions& options = {},
                                                     Kernel& kernel = system_kernel());

}
