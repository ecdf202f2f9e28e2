#include "tests/support/many_descriptors.hpp"

#include <algorithm>

#include <fcntl.h>

using namespace cogen;

ManyDescriptors::ManyDescriptors(int number) : number_(number)
{
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit wish = before_;
    wish.rlim_cur = std::max(before_.rlim_cur, static_cast<rlim_t>(number) + 100);
    granted_ = ::setrlimit(RLIMIT_NOFILE, &wish) == 0;
}

Socket ManyDescriptors::moved_up(Scheduler& scheduler, Socket socket) const
{
    return {scheduler, Descriptor(::fcntl(socket.descriptor().number(), F_DUPFD_CLOEXEC, number_))};
}
