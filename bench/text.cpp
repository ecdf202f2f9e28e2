// SPDX-License-Identifier: MIT
#include "bench/text.hpp"

#include "bench/echo/conclusion.hpp"
#include "bench/table.hpp"
#include "bench/targets.hpp"

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

Cell verdict_cell(const Spread& measured, const std::optional<Target>& target)
{
    if (!target)
        return "";
    const auto words = verdict(measured, *target);
    return {words, look_of_verdict(words)};
}

void add_row(Table& table, const EchoResult& result)
{
    const auto target = echo_target(result.server, result.connections);
    const double calls = result.calls_per_request();
    table.add({result.server, readable(result.cpu_microseconds.median),
               fixed(result.ratio.median, 2), range(result.ratio, 2),
               target ? fixed(target->must, 2) : "", verdict_cell(result.ratio, target),
               readable(result.requests_per_second.median), microseconds(result.latency.at(0.5)),
               microseconds(result.latency.at(0.99)), microseconds(result.latency.at(0.999)),
               calls > 0 ? fixed(calls, 2) : "-"});
}

void print_calls(std::ostream& out, const std::vector<const EchoResult*>& results)
{
    for (const auto* result : results)
        if (const auto target = calls_target(result->server, result->connections)) {
            const double calls = result->calls_per_request();
            const auto words = verdict({calls, calls, calls}, *target);
            out << "System calls a request on " << result->server << ": " << fixed(calls, 3)
                << ", must be at most " << fixed(target->must, 2) << ": "
                << dressed(words, look_of_verdict(words)) << ".\n";
        }
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
        const std::string unit = target->of_ratio ? "x" : "";
        must_ = readable(target->must) + unit;
        aim_ = target->aim ? readable(*target->aim) + unit : "";
        verdict_ = verdict_cell(target->of_ratio ? result.ratio.value() : result.value, target);
    }

    std::string what_, unit_, peers_, floor_, cogen_, ratio_, range_, must_, aim_;
    Cell verdict_ = "";
};

}

void print(std::ostream& out, const Environment& environment)
{
    for (const auto& [name, value] : environment)
        out << name << ": " << value << '\n';
    out << '\n';
}

void print(std::ostream& out, const EchoComparison& comparison)
{
    const auto& plan = comparison.plan;
    out << dressed("Echo", Look::strong)
        << ": 64 bytes there and back, one message under way on each connection; "
        << comparison.processors.description() << ".\n"
        << plan.all_rounds() << " rounds, in each " << plan.slice.count()
        << " ms of each server; all of them started anew " << plan.starts << " times.\n"
        << "CPU is the server's, per request, kernel included; its ratio is to the floor's (a\n"
           "hand-written epoll loop) in the same round, median and quartiles.\n";
    for (const unsigned connections : plan.connections) {
        const auto results = results_at(comparison, connections);
        out << '\n' << connections << (connections == 1 ? " connection\n" : " connections\n");
        Table table({"server", "CPU us", "ratio", "quartiles", "must", "", "requests/s", "p50 us",
                     "p99 us", "p99.9 us", "calls"});
        for (const auto* result : results)
            add_row(table, *result);
        table.print(out);
        out << conclusion(results) << '\n';
        print_calls(out, results);
    }
    out << "\nThe load works as hard as the server, so requests/s is the pair's figure: compare "
           "CPU.\n"
           "Differences that the quartiles do not keep apart mean nothing; nor does, on a busy or "
           "a\n"
           "virtual machine, a difference of 2 % at 64 connections, 8 % at 512 or 12 % at 1.\n\n";
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

void print(std::ostream& out, const std::vector<EchoServer>& servers)
{
    Table table({"server", "kind", "available"}, 3);
    for (const auto& server : servers)
        table.add({server.name, std::string(name_of(server.kind)),
                   server.why_not.empty() ? Cell("yes", Look::good)
                                          : Cell("no: " + server.why_not, Look::faint)});
    table.print(out);
}

}
