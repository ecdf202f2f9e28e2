// SPDX-License-Identifier: MIT
#include "bench/compare/summary.hpp"

#include "bench/compare/cheapest.hpp"
#include "bench/compare/conclusion.hpp"
#include "bench/compare/meeting.hpp"
#include "bench/table.hpp"

#include <algorithm>
#include <utility>

namespace bench {
namespace {

std::vector<const Result*> reactors_at(const Comparison& comparison, unsigned size)
{
    auto results = results_at(comparison, size);
    std::erase_if(results, [](const Result* result) { return result->kind != Kind::reactor; });
    return results;
}

bool any_differ(const std::vector<const Result*>& results)
{
    for (const auto* one : results)
        for (const auto* other : results)
            if (differ(*one, *other))
                return true;
    return false;
}

/// "epoll is the cheapest", of these. None may differ from the lowest, and yet two of the others
/// from each other: then they do not all cost the same.
std::string cheapest_among(const std::vector<const Result*>& results)
{
    const auto names = cheapest_of(results);
    if (names.size() == 1)
        return names.front() + (results.size() == 1 ? " alone was measured" : " is the cheapest");
    if (names.size() < results.size())
        return listed(names) + " are the cheapest";
    return listed(names)
           + (any_differ(results) ? " do not differ from the lowest, as far as can be measured,"
                                  : " cost the same, as far as can be measured,");
}

/// Who is the cheapest, each with the sizes at which this is so.
std::string cheapest_words(const Comparison& comparison)
{
    std::vector<std::pair<std::string, std::vector<unsigned>>> groups;
    for (const unsigned size : comparison.workload.sizes)
        if (const auto there = reactors_at(comparison, size); !there.empty()) {
            const auto names = cheapest_among(there);
            const auto known = std::find_if(groups.begin(), groups.end(),
                                            [&](auto& group) { return group.first == names; });
            if (known == groups.end())
                groups.push_back({names, {size}});
            else
                known->second.push_back(size);
        }
    std::string words;
    for (const auto& [names, sizes] : groups)
        words += (words.empty() ? "" : "; ") + names + " at " + at(comparison.workload.size, sizes);
    return words;
}

/// By which calls the second of the two comes to cost more.
std::string reason(const Noun& unit, const Meeting& meeting)
{
    const double cheap = meeting.first.calls_per_unit(), dear = meeting.second.calls_per_unit();
    if (cheap <= 0 || dear <= 0)
        return "";
    const auto figures = fixed(dear, 2) + " beside " + fixed(cheap, 2) + " a " + unit.one;
    return dear > 1.1 * cheap ? ": it makes more system calls, " + figures
                              : ": not by more system calls (" + figures + ") but by dearer ones";
}

/// From where on `dear` costs more than twice `cheap`, the quartiles included; empty where it
/// does not at the last size.
std::string dearer_words(const Comparison& comparison, const std::string& cheap,
                         const std::string& dear)
{
    const auto& workload = comparison.workload;
    const auto meetings = meetings_of(comparison, cheap, dear);
    auto first = meetings.end();
    while (first != meetings.begin() && std::prev(first)->times.low > 2)
        --first;
    if (first == meetings.end())
        return "";
    const Meeting& last = meetings.back();
    const bool alone = last.size == first->size;
    return ' ' + dear + " costs more than twice as much as " + cheap + (alone ? " at " : " from ")
           + workload.size.counted(first->size) + (alone ? "" : " on") + " ("
           + fixed(last.times.median, 1) + " times" + (alone ? "" : " at " + counted(last.size))
           + ")" + reason(workload.unit, last) + '.';
}

}

std::string summary(const Comparison& comparison)
{
    const auto reactors = reactors_of(comparison);
    if (reactors.empty())
        return comparison.workload.title + ": no reactor was measured.";
    std::string words = comparison.workload.title + ": " + cheapest_words(comparison) + ".";
    if (reactors.size() < 2)
        return words;
    const auto last = reactors_at(comparison, comparison.results.back().size);
    if (last.empty())
        return words;
    const auto& best = *std::min_element(last.begin(), last.end(), [](auto* a, auto* b) {
        return a->ratio.median < b->ratio.median;
    });
    std::string dearer;
    for (const auto& reactor : reactors)
        if (reactor != best->server)
            dearer += dearer_words(comparison, best->server, reactor);
    if (dearer.empty())
        return words + " At " + comparison.workload.size.counted(best->size)
               + " none costs measurably more than twice " + best->server + ".";
    return words + dearer;
}

}
