#include "tests/support/rings.hpp"

#include "tests/support/skip.hpp"

#include "reactors/ring.hpp"

#include <algorithm>
#include <stdexcept>

using namespace cogen;

namespace {

bool rings_can_be_had()
{
    const std::vector<ReactorInfo> all = available_reactors();
    return std::any_of(all.begin(), all.end(), [](const ReactorInfo& info) {
        return info.name == "io_uring" && info.why_not.empty();
    });
}

}

bool there_is_a_ring()
{
    if (!rings_can_be_had())
        skip("there is no io_uring here");
    return rings_can_be_had();
}

bool is_on_older_ring(const std::string& reactor) { return reactor.starts_with("io_uring-"); }

#if __has_include(<liburing.h>) && !defined(COGEN_WITHOUT_LIBURING)

namespace {

struct Older {
    const char* name;
    Ring::Way way;
};

constexpr Older all[] = {{"io_uring-5.19", Ring::Way::cooperative},
                         {"io_uring-5.13", Ring::Way::at_once}};

}

std::vector<std::string> reactors_on_older_rings()
{
    std::vector<std::string> names;
    if (rings_can_be_had())
        for (const Older& older : all)
            names.push_back(older.name);
    return names;
}

std::unique_ptr<Reactor> make_on_older_ring(const std::string& name, Kernel& kernel)
{
    const auto* const older = std::find_if(std::begin(all), std::end(all),
                                           [&](const Older& it) { return it.name == name; });
    if (older == std::end(all))
        throw std::invalid_argument("there is no reactor " + name);
    const ReactorOptions options;
    return make_io_uring_reactor(std::make_unique<Ring>(options.ring_size, older->way), options,
                                 kernel);
}

std::string rings_that_do_not_defer()
{
    return rings_can_be_had() && Ring(2).way() != Ring::Way::deferred ? "io_uring" : "io_uring-";
}

#else

std::vector<std::string> reactors_on_older_rings() { return {}; }

std::string rings_that_do_not_defer() { return "io_uring-"; }

std::unique_ptr<Reactor> make_on_older_ring(const std::string& name, Kernel&)
{
    throw std::invalid_argument("there is no reactor " + name);
}

#endif
