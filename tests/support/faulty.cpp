#include "tests/support/faulty.hpp"

#include "tests/support/world.hpp"

#include "reactors/faulty_ring.hpp"

#include <array>
#include <cstdlib>
#include <ostream>

using namespace cogen;

namespace {

struct Total {
    Faults::Kind kind;
    const char* words;
    std::uint64_t count = 0;
};

using Kind = Faults::Kind;

std::array<Total, 9> totals{{{Kind::short_transfer, "short transfers"},
                             {Kind::not_ready, "refusals"},
                             {Kind::aborted, "connections given up"},
                             {Kind::interrupted, "interrupted waits"},
                             {Kind::spurious, "false reports of readiness"},
                             {Kind::delayed, "completions delayed"},
                             {Kind::reordered, "reordered"},
                             {Kind::cancelled, "entries given up"},
                             {Kind::false_hint, "false hints"}}};

/// Adds its faults to the totals at its end.
class CountedReactor final : public FaultyReactor {
public:
    using FaultyReactor::FaultyReactor;
    ~CountedReactor() override
    {
        for (Total& total : totals)
            total.count += faults().count(total.kind);
    }
};

}

bool is_faulty(const std::string& reactor) { return reactor.starts_with(faulty); }

std::vector<std::string> faulty_reactors()
{
    std::vector<std::string> names;
    for (const ReactorInfo& info : available_reactors())
        if (info.why_not.empty() && (info.name == "epoll" || info.name == "io_uring"))
            names.push_back(faulty + std::string(info.name));
    return names;
}

std::vector<std::string> predictable_reactors()
{
    std::vector<std::string> names = all_reactors();
    std::erase_if(names, is_faulty);
    return names;
}

std::unique_ptr<Reactor> make_faulty(const std::string& name, Kernel& kernel)
{
    auto faults = std::make_shared<Faults>(seed_of_faults());
    const std::string inner = name.substr(std::string(faulty).size());
    return std::make_unique<CountedReactor>(inner == "io_uring"
                                                ? make_reactor_on_faulty_ring(faults, {}, kernel)
                                                : make_reactor(inner, kernel),
                                            faults);
}

unsigned seed_of_faults()
{
    const char* const wish = std::getenv("COGEN_FAULTS");
    return wish ? static_cast<unsigned>(std::stoul(wish)) : 1;
}

void print_faults(std::ostream& out)
{
    std::string all;
    std::uint64_t sum = 0;
    for (const Total& total : totals) {
        sum += total.count;
        all += (all.empty() ? "" : ", ") + std::to_string(total.count) + ' ' + total.words;
    }
    if (sum > 0)
        out << "faults: " << all << '\n';
}
