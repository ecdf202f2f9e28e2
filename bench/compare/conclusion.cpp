// SPDX-License-Identifier: MIT
#include "bench/compare/conclusion.hpp"

#include "bench/compare/meeting.hpp"
#include "bench/table.hpp"

#include <algorithm>

namespace bench {
namespace {

/// How much more one costs than the other: "by 12 %", "2.4 times as much".
std::string more(double times)
{
    if (times < 1.995)
        return "by " + fixed((times - 1) * 100, times < 1.095 ? 1 : 0) + " %";
    return (times < 9.995 ? fixed(times, 1) : readable(times)) + " times as much";
}

/// Says of two reactors how they compare.
class Pair {
public:
    Pair(const Noun& size, std::string first, std::string second, std::vector<Meeting> meetings)
        : size_(size),
          first_(std::move(first)),
          second_(std::move(second)),
          meetings_(std::move(meetings))
    {}

    std::vector<std::string> sentences() const
    {
        std::vector<std::string> all;
        add_alike(all);
        add_dearer(all, first_, second_, [](const Meeting& meeting) { return meeting.times; });
        add_dearer(all, second_, first_, [](const Meeting& meeting) {
            const Spread& times = meeting.times;
            return Spread{1 / times.high, 1 / times.median, 1 / times.low};
        });
        return all;
    }

private:
    void add_alike(std::vector<std::string>& all) const
    {
        std::vector<unsigned> sizes;
        for (const auto& meeting : meetings_)
            if (!meeting.different)
                sizes.push_back(meeting.size);
        if (!sizes.empty())
            all.push_back("As far as can be measured, " + first_ + " and " + second_
                          + " do not differ at " + at(size_, sizes) + ".");
    }

    /// Where `dear` costs more than `cheap`, by the multiple that `times_of` says.
    template <class TimesOf>
    void add_dearer(std::vector<std::string>& all, const std::string& cheap,
                    const std::string& dear, const TimesOf& times_of) const
    {
        const auto twice = from_where(times_of);
        const auto some = places(meetings_.begin(), twice, times_of);
        if (!some.empty())
            all.push_back(dear + " costs more than " + cheap + ": " + some + ".");
        if (twice != meetings_.end())
            all.push_back("From " + at(size_, {twice->size}) + " on, " + dear
                          + " costs more than twice " + cheap + ": "
                          + places(twice, meetings_.end(), times_of) + ".");
    }

    using Place = std::vector<Meeting>::const_iterator;

    /// The least size from which on all are above twice, quartiles included. The last alone is no
    /// "from there on".
    template <class TimesOf>
    Place from_where(const TimesOf& times_of) const
    {
        Place first = meetings_.end();
        while (first != meetings_.begin() && times_of(*std::prev(first)).low > 2)
            --first;
        return meetings_.end() - first < 2 ? meetings_.end() : first;
    }

    /// "by 12 % at 64 and 2.4 times as much at 512 connections".
    template <class TimesOf>
    std::string places(Place from, Place to, const TimesOf& times_of) const
    {
        std::vector<std::string> words;
        unsigned last = 0;
        for (; from != to; ++from)
            if (const Spread times = times_of(*from); from->different && times.median > 1) {
                words.push_back(more(times.median) + " at " + counted(from->size));
                last = from->size;
            }
        return words.empty() ? "" : listed(words) + ' ' + (last == 1 ? size_.one : size_.several);
    }

    const Noun& size_;
    std::string first_, second_;
    std::vector<Meeting> meetings_;
};

}

std::string listed(const std::vector<std::string>& names)
{
    std::string phrase = names.front();
    for (std::size_t i = 1; i < names.size(); ++i)
        phrase += (i + 1 < names.size() ? ", " : " and ") + names[i];
    return phrase;
}

std::string at(const Noun& noun, const std::vector<unsigned>& sizes)
{
    std::vector<std::string> words;
    for (const unsigned size : sizes)
        words.push_back(counted(size));
    words.back() = noun.counted(sizes.back());
    return listed(words);
}

std::string what_differing_means()
{
    return "Two do not differ as far as can be measured where their quartiles overlap. That says "
           "nothing of a third: one that scatters widely may not differ from two which differ.";
}

std::vector<std::string> conclusions(const Comparison& comparison)
{
    std::vector<std::string> all;
    const auto reactors = reactors_of(comparison);
    for (std::size_t other = 1; other < reactors.size(); ++other) {
        const Pair pair(comparison.workload.size, reactors.front(), reactors[other],
                        meetings_of(comparison, reactors.front(), reactors[other]));
        for (auto& sentence : pair.sentences())
            all.push_back(std::move(sentence));
    }
    return all;
}

}
