// SPDX-License-Identifier: MIT
#pragma once

namespace cogen {

/// From now on, a coroutine that overflows its stack says so on stderr before the process dies of
/// it: which one, where it was spawned, how large its stack is.
///
/// Once in a process, this takes over SIGSEGV and SIGBUS. Faults go on to the handler that was
/// there before, or to the system: a report changes nothing in how the process dies.
///
/// On the calling thread it works from then on, since it needs a signal stack there; each thread
/// that runs a scheduler calls this for itself. A signal stack that the thread has already is used
/// if it is large enough. Throws a system_error where the system has none to give.
void report_stack_overflow();

}
