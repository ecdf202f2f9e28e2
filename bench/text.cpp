// SPDX-License-Identifier: MIT
#include "bench/text.hpp"

#include "bench/compare/cheapest.hpp"
#include "bench/compare/conclusion.hpp"
#include "bench/compare/growth.hpp"
#include "bench/compare/meeting.hpp"
#include "bench/compare/promise.hpp"
#include "bench/compare/summary.hpp"
#include "bench/compare/waiting.hpp"
#include "bench/table.hpp"
#include "bench/targets.hpp"

#include <algorithm>

namespace bench {
namespace {

std::string range(const Spread& spread, int digits)
{
    return fixed(spread.low, digits) + " .. " + fixed(spread.high, digits);
}

/// Memory to the byte, since it does not scatter; time as far as it can be told.
std::string figure(double value, const std::string& unit)
{
    return unit == "KiB" ? fixed(value, 3) : readable(value);
}

std::string microseconds(std::uint64_t nanoseconds)
{
    return readable(static_cast<double>(nanoseconds) / 1e3);
}

Cell verdict_cell(const std::string& verdict) { return {verdict, look_of_verdict(verdict)}; }

void add_row(Table& table, const Result& result)
{
    const double calls = result.calls_per_unit();
    const auto latency = [&](double share) {
        return result.latency.tells(share) ? microseconds(result.latency.at(share)) : "-";
    };
    table.add({result.server, readable(result.cpu_microseconds.median),
               fixed(result.ratio.median, 2), range(result.ratio, 2),
               readable(result.per_second.median), latency(0.5), latency(0.99), latency(0.999),
               calls > 0 ? fixed(calls, 2) : "-"});
}

void print_promises(std::ostream& out, const Noun& unit, const std::vector<Promise>& promises)
{
    if (promises.empty())
        return;
    Table table({"promised", "must", "is", "quartiles", ""});
    for (const auto& promise : promises) {
        const bool rounds = promise.promised.cost == Cost::cpu;
        table.add({in_words(promise, unit), fixed(promise.promised.target.must, 2),
                   fixed(promise.measured.median, 3), rounds ? range(promise.measured, 2) : "",
                   verdict_cell(promise.verdict())});
    }
    table.print(out);
}

std::string times(unsigned count)
{
    return count == 1 ? "once" : count == 2 ? "twice" : std::to_string(count) + " times";
}

/// A paragraph, broken into lines.
void print_wrapped(std::ostream& out, std::string_view words)
{
    constexpr std::size_t columns = 96;
    while (words.size() > columns) {
        const auto end = words.rfind(' ', columns);
        out << words.substr(0, end) << '\n';
        words.remove_prefix(end + 1);
    }
    out << words << '\n';
}

void print_absence(std::ostream& out, const Absence& absence)
{
    out << "Not measured: " << absence.server << (absence.server.empty() ? "" : ": ") << absence.why
        << ".\n";
}

void print_size(std::ostream& out, const Comparison& comparison, unsigned size)
{
    const auto& workload = comparison.workload;
    const auto results = results_at(comparison, size);
    out << '\n' << workload.size.counted(size) << '\n';
    if (!results.empty()) {
        Table table({"server", "CPU us", "ratio", "quartiles", workload.unit.several + "/s",
                     "p50 us", "p99 us", "p99.9 us", "calls"});
        for (const auto* result : results)
            add_row(table, *result);
        table.print(out);
        out << cheapest(results) << '\n';
        if (const auto words = below_floor(workload.unit, results); !words.empty())
            print_wrapped(out, words);
    }
    for (const auto& absence : comparison.absences)
        if (absence.size == size)
            print_absence(out, absence);
    print_promises(out, workload.unit, promises_at(comparison, size));
}

bool takes_part(const Comparison& comparison, std::string_view server)
{
    return std::any_of(comparison.results.begin(), comparison.results.end(),
                       [&](const Result& result) { return result.server == server; });
}

/// All that was measured of one thing, in one line.
class MicroLine {
public:
    explicit MicroLine(const MicroResult& first) : what_(first.what), unit_(first.unit) {}

    bool is_about(const MicroResult& result) const { return result.what == what_; }

    void take(const MicroResult& result)
    {
        const auto cost = figure(result.value.median, unit_);
        if (result.who == "floor") {
            floor_ = cost;
        } else if (result.who == "cogen") {
            cogen_ = cost;
            set_ratio(result);
        } else {
            peers_ += (peers_.empty() ? "" : ", ") + result.who + ' ' + cost;
            if (result.ratio)
                peers_ += " (" + fixed(result.ratio->median, 1) + "x)";
        }
    }

    std::vector<Cell> row() const
    {
        return {what_, unit_, peers_, floor_, cogen_, ratio_, range_, must_, aim_, verdict_};
    }

private:
    void set_ratio(const MicroResult& result)
    {
        if (result.ratio) {
            ratio_ = fixed(result.ratio->median, 2);
            range_ = range(*result.ratio, 2);
        } else {
            range_ = figure(result.value.low, unit_) + " .. " + figure(result.value.high, unit_);
        }
        const auto target = micro_target(what_);
        if (!target)
            return;
        const bool of_ratio = !target->base.empty();
        const std::string unit = of_ratio ? "x" : "";
        must_ = readable(target->must) + unit;
        aim_ = target->aim ? readable(*target->aim) + unit : "";
        verdict_ = verdict_cell(verdict(of_ratio ? result.ratio.value() : result.value, *target));
    }

    std::string what_, unit_, peers_, floor_, cogen_, ratio_, range_, must_, aim_;
    Cell verdict_ = "";
};

}

void print(std::ostream& out, const Environment& environment)
{
    for (const auto& [name, value] : environment)
        out << name << ": " << value << '\n';
    if (const auto words = warning(environment); !words.empty())
        print_wrapped(out, words);
    out << '\n';
}

void print(std::ostream& out, const Comparison& comparison)
{
    const auto& workload = comparison.workload;
    const auto& effort = workload.effort;
    out << dressed(workload.title, Look::strong) << ": " << workload.what << "; "
        << comparison.processors.description() << ".\n"
        << effort.all_rounds() << " rounds, in each " << effort.slice.count()
        << " ms of each server; all of them started anew " << times(effort.starts) << ".\n"
        << "CPU is the server's, per " << workload.unit.one
        << ", kernel included; its ratio is to the floor's (a\n"
           "hand-written epoll loop) in the same round, median and quartiles.\n";
    if (takes_part(comparison, "ring"))
        out << "ring is as plain a loop, on io_uring. A promise says whose CPU its multiple is of, "
               "in the same round.\n";
    for (const auto& absence : comparison.absences)
        if (!absence.size)
            print_absence(out, absence);
    for (const unsigned size : workload.sizes)
        print_size(out, comparison, size);
    out << '\n';
    for (const auto& sentence : conclusions(comparison))
        print_wrapped(out, sentence);
    for (const auto& sentence : explanations(comparison))
        print_wrapped(out, sentence);
    if (const auto ways = ways_of_waiting(comparison); !ways.empty()) {
        out << "How they wait, by their interface and not by measurement:\n";
        for (const auto& sentence : ways)
            print_wrapped(out, sentence);
    }
    out << '\n';
}

void print_summary(std::ostream& out, const std::vector<Comparison>& comparisons)
{
    out << dressed("In short", Look::strong) << '\n';
    for (const auto& comparison : comparisons)
        print_wrapped(out, summary(comparison));
    out << '\n';
}

void print_reading_help(std::ostream& out)
{
    out << "The load works as hard as the server, so what is done per second is the pair's figure: "
           "compare CPU.\n"
           "On a busy or a virtual machine a difference of 2 % at 64 connections, 8 % at 512 or 12 "
           "% at 1\nmeans nothing either.\n";
    print_wrapped(out, what_differing_means());
    out << '\n';
}

void print(std::ostream& out, const MicroComparison& comparison)
{
    out << dressed("Micro", Look::strong) << ": " << comparison.plan.rounds
        << " rounds. The floor is a bare jump_fcontext there and back (for memory: its stack);\n"
           "ratios are to it in the same round, median and quartiles.\n\n";
    std::vector<MicroLine> lines;
    for (const auto& result : comparison.results) {
        if (lines.empty() || !lines.back().is_about(result))
            lines.emplace_back(result);
        lines.back().take(result);
    }
    Table table(
        {"what", "unit", "peers", "floor", "cogen", "ratio", "quartiles", "must", "aim", ""}, 3);
    for (const auto& line : lines)
        table.add(line.row());
    table.print(out);
    out << '\n';
}

void print(std::ostream& out, const std::vector<Server>& servers,
           const std::vector<Workload>& workloads)
{
    Table table({"server", "kind", "available"}, 3);
    for (const auto& server : servers)
        table.add({server.name, std::string(name_of(server.kind)),
                   server.why_not.empty() ? Cell("yes", Look::good)
                                          : Cell("no: " + server.why_not, Look::faint)});
    table.print(out);
    out << '\n';
    Table tasks({"workload", "what", "not offered by"}, 3);
    for (const auto& workload : workloads) {
        std::string without;
        for (const auto& server : servers)
            if (const auto missing = server.without.find(workload.service);
                missing != server.without.end())
                without += (without.empty() ? "" : "; ") + server.name + ": " + missing->second;
        tasks.add({workload.name, workload.what, {without, Look::faint}});
    }
    tasks.add({"micro", "yield, call, spawn, timers, memory", ""});
    tasks.print(out);
}

}
