// SPDX-License-Identifier: MIT
#include "bench/report.hpp"

#include "bench/compare/cheapest.hpp"
#include "bench/compare/conclusion.hpp"
#include "bench/compare/growth.hpp"
#include "bench/compare/meeting.hpp"
#include "bench/compare/promise.hpp"
#include "bench/compare/summary.hpp"
#include "bench/compare/waiting.hpp"
#include "bench/targets.hpp"

#include <boost/json/src.hpp>  // header-only: this is the file that holds Boost.JSON

namespace bench {
namespace {

namespace json = boost::json;

json::object to_object(const Spread& spread)
{
    return {{"low", spread.low}, {"median", spread.median}, {"high", spread.high}};
}

void add_target(json::object& object, const Spread& measured, const std::optional<Target>& target)
{
    if (!target)
        return;
    object["must"] = target->must;
    if (target->aim)
        object["aim"] = *target->aim;
    object["target_of"] = target->base.empty() ? "value" : "ratio";
    object["verdict"] = verdict(measured, *target);
}

/// The distribution at steps even in the number of nines: what a latency curve needs.
json::array latency_curve(const Histogram& latency)
{
    json::array curve;
    for (const double share : {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998,
                               0.999, 0.9995, 0.9999, 1.0})
        if (share == 1.0 ? latency.count() > 0 : latency.tells(share))
            curve.push_back(
                {{"share", share}, {"us", static_cast<double>(latency.at(share)) / 1e3}});
    return curve;
}

json::object calls_of(const Result& result)
{
    json::object calls;
    for (const auto& [name, count] : result.spent.calls)
        if (count > 0)
            calls[name] = static_cast<double>(count) / static_cast<double>(result.units);
    return calls;
}

json::object to_object(const Result& result)
{
    json::object object = {
        {"server", result.server},
        {"kind", name_of(result.kind)},
        {"size", result.size},
        {"units", result.units},
        {"per_second", to_object(result.per_second)},
        {"cpu_us", to_object(result.cpu_microseconds)},
        {"system_us", result.system_microseconds()},
        {"ratio", to_object(result.ratio)},
        {"latency", latency_curve(result.latency)},
    };
    if (const double calls = result.calls_per_unit(); calls > 0) {
        object["calls_per_unit"] = calls;
        object["waits_per_unit"] = result.waits_per_unit();
        object["calls"] = calls_of(result);
    }
    return object;
}

json::object to_object(const Promise& promise, const Noun& unit, unsigned size)
{
    const Target& target = promise.promised.target;
    json::object object = {
        {"server", promise.reactor},
        {"size", size},
        {"words", in_words(promise, unit)},
        {"cost", promise.promised.cost == Cost::cpu ? "cpu" : "calls"},
        {"measured", to_object(promise.measured)},
        {"must", target.must},
        {"verdict", promise.verdict()},
    };
    if (!target.base.empty())
        object["base"] = target.base;
    if (target.aim)
        object["aim"] = *target.aim;
    return object;
}

json::object to_object(const Absence& absence)
{
    json::object object = {{"why", absence.why}};
    if (!absence.server.empty())
        object["server"] = absence.server;
    if (absence.size)
        object["size"] = *absence.size;
    return object;
}

json::array to_array(const std::vector<std::string>& sentences)
{
    return json::array(sentences.begin(), sentences.end());
}

json::object to_object(const Comparison& comparison)
{
    const auto& workload = comparison.workload;
    json::array results, absences, cheapest_ones, promises;
    for (const auto& result : comparison.results)
        results.push_back(to_object(result));
    for (const auto& absence : comparison.absences)
        absences.push_back(to_object(absence));
    for (const unsigned size : workload.sizes)
        for (const auto& promise : promises_at(comparison, size))
            promises.push_back(to_object(promise, workload.unit, size));
    for (const unsigned size : workload.sizes)
        if (const auto there = results_at(comparison, size); !there.empty())
            cheapest_ones.push_back({{"size", size},
                                     {"words", cheapest(there)},
                                     {"below_floor", below_floor(workload.unit, there)}});
    return {
        {"name", workload.name},
        {"title", workload.title},
        {"what", workload.what},
        {"unit", {{"one", workload.unit.one}, {"several", workload.unit.several}}},
        {"size", {{"one", workload.size.one}, {"several", workload.size.several}}},
        {"sizes", json::array(workload.sizes.begin(), workload.sizes.end())},
        {"same_work", workload.same_work},
        {"rounds", workload.effort.all_rounds()},
        {"starts", workload.effort.starts},
        {"slice_ms", workload.effort.slice.count()},
        {"processors", comparison.processors.description()},
        {"results", results},
        {"absences", absences},
        {"promises", promises},
        {"cheapest", cheapest_ones},
        {"conclusions", to_array(conclusions(comparison))},
        {"explanations", to_array(explanations(comparison))},
        {"waiting", to_array(ways_of_waiting(comparison))},
        {"summary", summary(comparison)},
    };
}

json::object to_object(const MicroResult& result)
{
    json::object object = {
        {"what", result.what},
        {"who", result.who},
        {"unit", result.unit},
        {"value", to_object(result.value)},
    };
    if (result.ratio)
        object["ratio"] = to_object(*result.ratio);
    if (const auto target = micro_target(result.what); target && result.who == "cogen")
        add_target(object, target->base.empty() ? result.value : result.ratio.value(), target);
    return object;
}

json::object to_object(const MicroComparison& comparison)
{
    json::array results;
    for (const auto& result : comparison.results)
        results.push_back(to_object(result));
    return {{"rounds", comparison.plan.rounds}, {"results", results}};
}

void replace_all(std::string& text, std::string_view from, std::string_view to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

}

std::string to_json(const Report& report)
{
    json::object environment;
    for (const auto& [name, value] : report.environment)
        environment[name] = value;
    json::object object = {{"environment", environment},
                           {"warning", warning(report.environment)},
                           {"differing", what_differing_means()}};
    json::array workloads;
    for (const auto& comparison : report.workloads)
        workloads.push_back(to_object(comparison));
    object["workloads"] = workloads;
    if (report.micro)
        object["micro"] = to_object(*report.micro);
    return json::serialize(object);
}

std::string to_html(std::string_view page, std::string_view json)
{
    std::string harmless(json);
    replace_all(harmless, "</", "<\\/");  // or a string in it could end the script that holds it
    std::string html(page);
    replace_all(html, "{{report}}", harmless);
    return html;
}

}
