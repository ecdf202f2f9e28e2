#include "tests/kqueue_model/flavours.hpp"

#ifdef __linux__

namespace cogen {

std::unique_ptr<Reactor> make_kqueue_reactor_freebsd(const ReactorOptions& options, Kernel& kernel);
std::unique_ptr<Reactor> make_kqueue_reactor_netbsd(const ReactorOptions& options, Kernel& kernel);
std::unique_ptr<Reactor> make_kqueue_reactor_darwin(const ReactorOptions& options, Kernel& kernel);

}

namespace kqueue_model {

std::vector<Verdict> probe_freebsd();
std::vector<Verdict> probe_netbsd();
std::vector<Verdict> probe_darwin();

const std::vector<Flavour>& flavours()
{
    static const std::vector<Flavour> all{
        {"kqueue-freebsd", cogen::make_kqueue_reactor_freebsd, probe_freebsd, -4, -5, -6},
        {"kqueue-netbsd", cogen::make_kqueue_reactor_netbsd, probe_netbsd, 3, 4, 5},
        {"kqueue-darwin", cogen::make_kqueue_reactor_darwin, probe_darwin, -4, -5, -6},
    };
    return all;
}

}

#else

#include <sys/types.h>

#include <sys/event.h>

namespace kqueue_model {

std::vector<Verdict> probe();

/// Nothing has to be played where there is one.
const std::vector<Flavour>& flavours()
{
    static const std::vector<Flavour> its_own{
        {"kqueue",
         [](const cogen::ReactorOptions& options, cogen::Kernel& kernel) {
             return cogen::make_reactor("kqueue", options, kernel);
         },
         probe, EVFILT_VNODE, EVFILT_PROC, EVFILT_SIGNAL},
    };
    return its_own;
}

}

#endif
