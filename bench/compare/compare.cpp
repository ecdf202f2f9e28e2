// SPDX-License-Identifier: MIT
#include "bench/compare/compare.hpp"

#include "bench/compare/tournament.hpp"
#include "bench/descriptor_limit.hpp"

#include <iterator>

namespace bench {
namespace {

double each(std::uint64_t count, const Result& result)
{
    return static_cast<double>(count) / static_cast<double>(result.units);
}

/// The servers that offer what the workload asks for; the others are absent.
std::vector<Server> takers(Comparison& comparison, const std::vector<Server>& servers)
{
    std::vector<Server> takers;
    for (const auto& server : servers) {
        const auto missing = server.without.find(comparison.workload.service);
        if (missing == server.without.end())
            takers.push_back(server);
        else
            comparison.absences.push_back({server.name, {}, missing->second});
    }
    return takers;
}

void compare_at(Comparison& comparison, const std::vector<Server>& servers, unsigned size)
{
    try {
        need_descriptors(servers.size() * (size + comparison.workload.besides));
    } catch (const TooFewDescriptors& problem) {
        comparison.absences.push_back({"", size, problem.what()});
        return;
    }
    Tournament tournament(comparison.workload, comparison.processors, servers, size);
    for (auto& result : tournament.run())
        comparison.results.push_back(std::move(result));
    for (const auto& absence : tournament.absences())
        comparison.absences.push_back(absence);
}

}

Comparison compare(const Workload& workload, const std::vector<Server>& servers)
{
    Comparison comparison{workload, choose_processors()};
    const auto all = takers(comparison, servers);
    stay_on(comparison.processors.load);
    for (const unsigned size : workload.sizes)
        compare_at(comparison, all, size);
    if (comparison.results.empty())
        throw std::runtime_error(comparison.absences.back().why);
    return comparison;
}

double Result::calls_per_unit() const { return each(spent.all_calls(), *this); }

double Result::waits_per_unit() const { return each(spent.waits(), *this); }

double Result::system_microseconds() const { return each(spent.system_nanoseconds, *this) / 1e3; }

}
