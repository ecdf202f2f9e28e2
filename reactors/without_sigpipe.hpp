// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>

namespace cogen {

// Some calls write to what may be broken, and know no MSG_NOSIGNAL; and the process's handler is
// not ours to change. A SIGPIPE that a call raises goes to the thread that made the call, so the
// thread blocks it meanwhile and takes it away again; one that was pending before is somebody
// else's, and stays.

/// While it lives, this thread is raised no SIGPIPE, and is left none.
class WithoutSigpipe {
public:
    WithoutSigpipe();
    ~WithoutSigpipe();
    WithoutSigpipe(const WithoutSigpipe&) = delete;
    WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

    /// A call has failed with EPIPE, or may have met with it after a part.
    void take_it_away();

private:
    sigset_t sigpipe_;
    sigset_t before_;
    bool pending_before_;
};

}
