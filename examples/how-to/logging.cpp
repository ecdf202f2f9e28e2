// A reactor of one's own is had by its name: this one logs, and passes everything on.
#include "logging_reactor.hpp"

#include <cogen/cogen.hpp>

#include <array>
#include <iostream>

using namespace cogen;

void exchange(Yield& yield)
{
    auto [here, there] = socket_pair(yield.scheduler());
    std::array<char, 16> buffer;
    yield(here.write("spam"));
    yield(there.read(buffer));
    yield(there.read(buffer) | within(20ms) | as_tuple);
}

// [main]
int main()
{
    register_reactor("logging", [](const ReactorOptions& options, Kernel& kernel) {
        return std::make_unique<LoggingReactor>(make_reactor("poll", options, kernel), std::cout);
    });
    Scheduler scheduler{"logging"};
    scheduler.spawn(exchange);
    scheduler.run();
}
// [/main]
