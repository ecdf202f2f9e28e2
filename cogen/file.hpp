// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/descriptor_stream.hpp"

#include <utility>

namespace cogen {

/// Whatever is open and no socket: an end of a pipe, a terminal, an eventfd, /dev/null, a regular
/// file ... It is read and written from where it stands.
///
/// It takes the descriptor over, and is read and written by calls that do not wait (O_NONBLOCK). If
/// those would have waited before, that is so again when it is released or closed. That flag is of
/// the open file, though, which other processes and other descriptors may share: a program's own
/// input with the shell that has started it, for one. They find it so as long as this lives, and
/// after a program that is killed; standard_input() and its like avoid that. Should they set it
/// otherwise meanwhile, nobody is held up, but each write is small.
///
/// Regular files and /dev/null are always ready; the disk may hold up the thread. A peer that is
/// gone is an error, EPIPE, and never a signal. A terminal whose other side is closed is at its
/// end: 0.
class File : public DescriptorStream {
public:
    File() = default;  ///< empty

    /// Takes over an open descriptor.
    File(Scheduler& scheduler, Descriptor descriptor);
};

/// A new pipe: what is written to the second is read from the first.
std::pair<File, File> pipe(Scheduler& scheduler);

}
