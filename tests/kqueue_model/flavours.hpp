#pragma once

#include "reactors/reactor.hpp"

#include <string>
#include <vector>

namespace kqueue_model {

/// What a kqueue has been asked, and whether it has answered as the manuals of the BSDs have it.
struct Verdict {
    std::string behaviour;
    bool as_expected = false;
    std::string observed;
};

/// A system whose kqueue is played here, or that we are on, with the reactor and the probe compiled
/// for it.
struct Flavour {
    std::string reactor;  // its name in the tests
    std::unique_ptr<cogen::Reactor> (*make)(const cogen::ReactorOptions&, cogen::Kernel&);
    std::vector<Verdict> (*probe)();
    int vnode, process, signal;  // the numbers of its filters
};

const std::vector<Flavour>& flavours();

}
