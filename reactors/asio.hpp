// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/reactor.hpp"

namespace boost::asio {

class io_context;

}

namespace cogen {

/// A reactor that waits in `context`, which is the caller's: so coroutines live inside an Asio
/// program, and its handlers run while they wait. Throws a system_error where it cannot be had.
///
/// The context outlives the reactor, and only the scheduler's thread runs it. Between two waits
/// nothing of ours is outstanding in there but what coroutines wait for, and whoever calls
/// `context.run()` after the scheduler's gets on with what is his.
///
/// - **run()** is the loop: it runs the handlers that are due, in each turn and while it waits. It
///   ends when the coroutines have nothing more to do, whatever is outstanding in the context. A
///   Work keeps it going. Where the program's loop is `context.run()`, a handler may call run().
/// - **What a handler throws** comes out of run(), as it does out of `context.run()`. Nothing is
///   lost by that, and another run() goes on. Only at the scheduler's end, where coroutines clean
///   up, there is nobody left to catch it: that ends the process.
/// - **A context that is stopped** is restarted by the next wait. Who wants the loop to end calls
///   the scheduler's stop().
std::unique_ptr<Reactor> make_asio_reactor(boost::asio::io_context& context,
                                           Kernel& kernel = system_kernel());

/// The same with options.
std::unique_ptr<Reactor> make_asio_reactor(boost::asio::io_context& context,
                                           const ReactorOptions& options,
                                           Kernel& kernel = system_kernel());

}
