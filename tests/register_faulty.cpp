// Linked to an example, it lets that run on "faulty-epoll" and "faulty-io_uring", where
// COGEN_REACTOR says so: the example itself is what it always is. COGEN_FAULTS=17 is another seed.
#include "reactors/faulty_reactor.hpp"
#include "reactors/faulty_ring.hpp"

#include <cstdlib>

using namespace cogen;

namespace {

bool register_faulty(const std::string& inner)
{
    register_reactor("faulty-" + inner, [inner](const ReactorOptions& options, Kernel& kernel) {
        const char* const wish = std::getenv("COGEN_FAULTS");
        const auto seed = wish ? static_cast<unsigned>(std::stoul(wish)) : 1;
        auto faults = std::make_shared<Faults>(seed);
        return std::make_unique<FaultyReactor>(
            inner == "io_uring" ? make_reactor_on_faulty_ring(faults, options, kernel)
                                : make_reactor(inner, options, kernel),
            faults);
    });
    return true;
}

const bool registered = register_faulty("epoll") && register_faulty("io_uring");

}
