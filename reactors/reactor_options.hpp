// SPDX-License-Identifier: MIT
#pragma once

namespace cogen {

/// How a reactor is made, where there is a choice: `make_reactor("epoll", {.batch = 64})`. Each
/// heeds what concerns it, and nothing else; but a value that none could heed is an error for all.
struct ReactorOptions {
    /// How many operations a ring can take in at once: a power of two, up to 4096. Heeded by
    /// io_uring.
    unsigned ring_size = 256;

    /// How many events one wait takes at most, up to 65536; what is left is next. Fewer are fairer
    /// to the timers and to those who are ready, more are cheaper. Heeded by epoll, kqueue,
    /// io_uring and asio; poll and select are told of everything that is ready, and take it.
    unsigned batch = 512;
};

/// Throws a system_error where there is one that none could heed.
void check(const ReactorOptions& options);

}
