// SPDX-License-Identifier: MIT
#include "bench/compare/growth.hpp"

#include "bench/compare/conclusion.hpp"
#include "bench/table.hpp"

#include <algorithm>

namespace bench {
namespace {

/// The sizes of one workload, as one server met them, the least first. The floor's is the whole.
using Sweep = std::vector<const Result*>;

std::vector<Sweep> sweeps_of(const Comparison& comparison)
{
    std::vector<Sweep> sweeps;
    for (const auto& result : comparison.results) {
        const auto known = std::find_if(sweeps.begin(), sweeps.end(), [&](const Sweep& sweep) {
            return sweep.front()->server == result.server;
        });
        if (known == sweeps.end())
            sweeps.push_back({&result});
        else
            known->push_back(&result);
    }
    std::erase_if(sweeps, [](const Sweep& sweep) { return sweep.size() < 2; });
    return sweeps;
}

/// What to add to the figures of a server that was not measured up to the end of the whole sweep.
std::string up_to(const Sweep& sweep, const Sweep& whole)
{
    const unsigned last = sweep.back()->size;
    return last == whole.back()->size ? "" : ", up to " + counted(last);
}

std::string microseconds(double value) { return readable(value) + " us"; }

double cpu(const Result& result) { return result.cpu_microseconds.median; }

/// What each connection adds to a unit, between two sizes, in nanoseconds.
double slope(const Result& from, const Result& to)
{
    return (cpu(to) - cpu(from)) * 1e3 / (to.size - from.size);
}

/// How the costs of a server grow where the work stays the same.
class Growth {
public:
    Growth(const Workload& workload, const Sweep& sweep)
        : workload_(workload), sweep_(sweep), first_(*sweep.front()), last_(*sweep.back())
    {}

    /// More than the scatter, and more than a quarter; beside the floor, too, since sizes are
    /// measured one after the other, not in turns, and the machine may have changed in between. The
    /// floor has nothing beside it: it must have doubled.
    bool there() const
    {
        const auto &first = first_.cpu_microseconds, &last = last_.cpu_microseconds;
        return last_.kind == Kind::floor
                   ? grown(first, last, 2)
                   : grown(first, last, 1.25) && grown(first_.ratio, last_.ratio, 1.25);
    }

    std::string figures(const Sweep& whole) const
    {
        return last_.server + " (" + readable(cpu(first_)) + " and " + microseconds(cpu(last_))
               + " a " + workload_.unit.one + up_to(sweep_, whole) + ")";
    }

    std::string sentence() const
    {
        std::string words = last_.server + ": a " + workload_.unit.one + " costs "
                            + microseconds(cpu(first_)) + " with "
                            + workload_.size.counted(first_.size) + ", " + microseconds(cpu(last_))
                            + " with " + counted(last_.size) + ": " + readable(slope(first_, last_))
                            + " ns more for each" + proportion_words();
        if (calls_known())
            words += calls_words();
        return words + kernel_words();
    }

private:
    static bool grown(const Spread& first, const Spread& last, double times)
    {
        return first.high < last.low && times * first.median < last.median;
    }

    /// What each connection adds, from each size to the next.
    std::vector<double> slopes() const
    {
        std::vector<double> all;
        for (std::size_t i = 1; i < sweep_.size(); ++i)
            all.push_back(slope(*sweep_[i - 1], *sweep_[i]));
        return all;
    }

    /// The last connections still cost something. Two sizes are too few to tell.
    bool with_each() const
    {
        return sweep_.size() > 2 && slopes().back() > slope(first_, last_) / 2;
    }

    std::string proportion_words() const
    {
        if (!with_each())
            return ". ";
        const auto all = slopes();
        const auto [least, most] = std::minmax_element(all.begin(), all.end());
        if (*least > 0 && *most < 2 * *least)
            return ", in proportion to their number. ";
        if (std::is_sorted(all.begin(), all.end()))
            return ", and the more there are, the more for each. ";
        return " on average, but unevenly, from " + readable_slope(*least) + " to "
               + readable_slope(*most) + " ns between one size and the next. ";
    }

    /// A slope below nothing is the machine's scatter.
    static std::string readable_slope(double slope)
    {
        return slope < 0 ? "less than 0" : readable(slope);
    }

    bool calls_known() const { return first_.spent.all_calls() > 0 && last_.spent.all_calls() > 0; }

    bool calls_grow() const { return last_.calls_per_unit() > 1.1 * first_.calls_per_unit(); }

    std::string calls_words() const
    {
        const auto calls = fixed(last_.calls_per_unit(), 2);
        if (calls_grow())
            return "It makes more system calls, " + calls + " instead of "
                   + fixed(first_.calls_per_unit(), 2) + ". ";
        return "It makes no more system calls for it (" + calls + ", of which "
               + fixed(last_.waits_per_unit(), 2) + " to wait): they have become dearer. ";
    }

    /// The kernel's time is known by ticks of some milliseconds: good for a share, no more.
    std::string kernel_words() const
    {
        const double grown = (last_.system_microseconds() - first_.system_microseconds())
                             / (cpu(last_) - cpu(first_));
        const double share = std::clamp(grown, 0.0, 1.0);
        std::string words = "About " + fixed(share * 100, 0) + " % of the growth is in the kernel";
        if (share > 0.5 && with_each() && calls_known() && !calls_grow())
            words += ": it looks at every connection in each wait, whether anything happens there "
                     "or not";
        return words + '.';
    }

    const Workload& workload_;
    const Sweep& sweep_;
    const Result& first_;
    const Result& last_;
};

/// Where the work stays the same, the size alone is what costs.
std::vector<std::string> growth_of_each(const Comparison& comparison,
                                        const std::vector<Sweep>& sweeps)
{
    const auto& workload = comparison.workload;
    std::vector<std::string> sentences, steady;
    for (const auto& sweep : sweeps) {
        const Growth growth(workload, sweep);
        if (growth.there())
            sentences.push_back(growth.sentence());
        else
            steady.push_back(growth.figures(sweeps.front()));
    }
    if (!steady.empty()) {
        const Sweep& sweep = sweeps.front();
        sentences.insert(sentences.begin(),
                         "From " + counted(sweep.front()->size) + " to "
                             + workload.size.counted(sweep.back()->size) + " on " + listed(steady)
                             + ": no growth beyond what the machine itself varies by.");
    }
    return sentences;
}

/// Where all connections work, a wait finds many of them ready, and they share what it costs.
std::vector<std::string> sharing_of_waits(const Comparison& comparison,
                                          const std::vector<Sweep>& sweeps)
{
    const auto& workload = comparison.workload;
    std::vector<std::string> figures;
    for (const auto& sweep : sweeps) {
        const auto units = [](const Result& result) {
            return static_cast<double>(result.units) / static_cast<double>(result.spent.waits());
        };
        const Result &first = *sweep.front(), &last = *sweep.back();
        if (first.spent.waits() > 0 && last.spent.waits() > 0
            && units(last) > 4 * std::max(1.0, units(first)))
            figures.push_back(last.server + " " + fixed(units(first), 1) + " and "
                              + fixed(units(last), 1) + up_to(sweep, sweeps.front()));
    }
    if (figures.empty())
        return {};
    const Sweep& sweep = sweeps.front();
    return {"The more connections are at work, the more of them a wait finds ready, and they share "
            "what it costs. So many "
            + workload.unit.several + " a wait serves at " + counted(sweep.front()->size) + " and "
            + workload.size.counted(sweep.back()->size) + ": " + listed(figures) + "."};
}

}

std::vector<std::string> explanations(const Comparison& comparison)
{
    const auto sweeps = sweeps_of(comparison);
    if (sweeps.empty())
        return {};
    return comparison.workload.same_work ? growth_of_each(comparison, sweeps)
                                         : sharing_of_waits(comparison, sweeps);
}

}
