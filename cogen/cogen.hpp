// SPDX-License-Identifier: MIT
#pragma once

// Everything for a user.

#include "cogen/buffer.hpp"
#include "cogen/clock.hpp"
#include "cogen/error.hpp"
#include "cogen/measure_stacks.hpp"
#include "cogen/scheduler.hpp"
#include "cogen/shielded.hpp"
#include "cogen/stack_overflow.hpp"
#include "cogen/stackful.hpp"
#include "cogen/tracer.hpp"
#include "cogen/with_timeout.hpp"
#include "cogen/work.hpp"

#include "cogen/operations/as_tuple.hpp"
#include "cogen/operations/call.hpp"
#include "cogen/operations/chunk.hpp"
#include "cogen/operations/iterate.hpp"
#include "cogen/operations/join.hpp"
#include "cogen/operations/pass.hpp"
#include "cogen/operations/read.hpp"
#include "cogen/operations/signal.hpp"
#include "cogen/operations/sleep.hpp"
#include "cogen/operations/spawn.hpp"
#include "cogen/operations/wait_for_signal.hpp"
#include "cogen/operations/within.hpp"
#include "cogen/operations/write.hpp"

#include "cogen/accept.hpp"
#include "cogen/close.hpp"
#include "cogen/connect.hpp"
#include "cogen/endpoint.hpp"
#include "cogen/listen.hpp"
#include "cogen/listener.hpp"
#include "cogen/socket.hpp"
