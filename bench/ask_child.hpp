// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace bench {

/// Where ask_child()'s function leaves its number. It does not return: the process ends there and
/// then, so that nobody waits for a hundred thousand coroutines to be taken down.
using Answer = std::function<void(double)>;

/// Has `body` find out a number in a process of its own, whose memory is as good as untouched, and
/// answers with it. Throws where none comes within a minute.
double ask_child(const std::function<void(const Answer&)>& body);

/// The memory of this process that is resident now, in KiB.
double resident_kib();

}
