// SPDX-License-Identifier: MIT
#pragma once

namespace cogen {

/// What a stream of bytes is to those who read from it or write to it.
enum class StreamKind : unsigned char {
    /// By recv(2) and send(2). A read that gets less than it asked for tells nothing: a Unix socket
    /// stops also behind descriptors that were sent along.
    socket,

    /// The same; but such a read means that there is no more.
    tcp,

    /// No socket, but a pipe, a terminal, a file ...: by read(2) and write(2).
    file
};

}
