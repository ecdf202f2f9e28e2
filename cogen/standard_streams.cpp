// SPDX-License-Identifier: MIT
#include "cogen/standard_streams.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace cogen {
namespace {

/// Answers with its number, or with a negative one where that cannot be had.
int opened_anew(int number, int flags)
{
    struct stat what {};
    if (::fstat(number, &what) < 0 || S_ISREG(what.st_mode))
        return -1;
    const std::string path = "/proc/self/fd/" + std::to_string(number);
    return ::open(path.c_str(), flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

File standard_stream(Scheduler& scheduler, int number, int flags)
{
    int own = opened_anew(number, flags);
    if (own < 0)
        own = ::fcntl(number, F_DUPFD_CLOEXEC, 3);
    if (own < 0)
        throw_error(system_error_code(errno), "fcntl(" + to_string(Descriptor(number)) + ')');
    return {scheduler, Descriptor(own)};
}

}

File standard_input(Scheduler& scheduler) { return standard_stream(scheduler, 0, O_RDONLY); }

File standard_output(Scheduler& scheduler) { return standard_stream(scheduler, 1, O_WRONLY); }

File standard_error(Scheduler& scheduler) { return standard_stream(scheduler, 2, O_WRONLY); }

}
