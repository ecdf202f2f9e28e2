#include "tests/differential/outcome.hpp"

#include <algorithm>

namespace differential {
namespace {

const std::string& entry(const std::vector<std::string>& log, std::size_t at)
{
    static const std::string nothing = "nothing more";
    return at < log.size() ? log[at] : nothing;
}

}

std::string difference(const Outcome& one, const Outcome& other)
{
    const auto tell = [&](const std::string& where, const std::string& a, const std::string& b) {
        return where + ": on " + one.reactor + " \"" + a + "\", on " + other.reactor + " \"" + b
               + '"';
    };
    for (std::size_t who = 0; who < one.logs.size(); ++who) {
        const auto &a = one.logs[who], &b = other.logs[who];
        for (std::size_t at = 0; at < std::max(a.size(), b.size()); ++at)
            if (entry(a, at) != entry(b, at))
                return tell("coroutine " + std::to_string(who), entry(a, at), entry(b, at));
    }
    if (one.report != other.report)
        return tell("run()", one.report, other.report);
    return {};
}

std::string failure_among(const Program& program, const std::vector<Outcome>& outcomes)
{
    for (const Outcome& outcome : outcomes)
        if (!outcome.faults.empty())
            return "on " + outcome.reactor + ": " + outcome.faults.front();
    if (program.order == Order::races)
        return {};
    for (const Outcome& outcome : outcomes)
        if (std::string differs = difference(outcomes.front(), outcome); !differs.empty())
            return differs;
    return {};
}

}
