// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/file.hpp"

namespace cogen {

// The descriptors 0, 1 and 2 stand for open files that the program shares with the shell that has
// started it, and with others. To take one over would be to close it at the end, and to have calls
// on it not block for all of them. So these open the file anew where that can be had (/proc, of
// Linux), which changes nothing for anybody else; elsewhere, and for a socket, they duplicate the
// descriptor, and what File says of shared files holds. Regular files are duplicated, since opened
// anew they would be read from their beginning.

/// What the program is given to read; closing it leaves descriptor 0 alone. Throws a system_error
/// where there is none.
File standard_input(Scheduler& scheduler);

/// Where the program writes to; the same for descriptor 1.
File standard_output(Scheduler& scheduler);

/// Where it complains; the same for descriptor 2.
File standard_error(Scheduler& scheduler);

}
