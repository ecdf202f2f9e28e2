// The same as a library that registers it when it is loaded, for `cogen-contract --load`.
#include "logging_reactor.hpp"

#include <cstdlib>
#include <fstream>

// [library]
namespace {

const char* const file = std::getenv("REACTOR_LOG");
std::ofstream log(file ? file : "/dev/null");

std::unique_ptr<cogen::Reactor> make_logging(const cogen::ReactorOptions& options,
                                             cogen::Kernel& kernel)
{
    return std::make_unique<LoggingReactor>(cogen::make_reactor("poll", options, kernel), log);
}

const struct Registration {
    Registration() { cogen::register_reactor("logging", make_logging); }
} registration;

}
// [/library]
