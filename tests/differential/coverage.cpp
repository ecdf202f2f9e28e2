#include "tests/differential/coverage.hpp"

#include "tests/differential/program.hpp"

#include <ostream>
#include <utility>

namespace differential {
namespace {

struct Expected {
    std::string_view group;
    std::vector<std::string_view> names;
};

std::vector<Expected> all_expected()
{
    Expected operations{"operations", {}};
    for (const Kind kind : all_kinds())
        operations.names.push_back(name_of(kind));
    Expected streams{"streams", {}};
    for (const Stream::Kind kind : all_stream_kinds())
        streams.names.push_back(name_of(kind));
    return {operations,
            streams,
            {"ends",
             {ended_well, ended_by_error, ended_by_time, ended_by_cancel, ended_by_close,
              ended_by_raise, ended_by_stream, ended_by_pipe, ended_by_other}},
            {"orders",
             {had_at_once, had_later, ended_before, ended_while, success_won, block_left, left_over,
              was_stuck, woke_none, woke_many, joined_after, called_ended, number_again, was_cut,
              was_empty, took_place, took_none, left_to_system}}};
}

}

void Coverage::count(std::string_view group, std::string_view name)
{
    auto found = groups_.find(group);
    if (found == groups_.end())
        found = groups_.try_emplace(std::string(group)).first;
    auto& counts = found->second;
    if (const auto there = counts.find(name); there != counts.end())
        ++there->second;
    else
        counts.emplace(name, 1);
}

std::size_t Coverage::times(std::string_view group, std::string_view name) const
{
    const auto found = groups_.find(group);
    if (found == groups_.end())
        return 0;
    const auto there = found->second.find(name);
    return there == found->second.end() ? 0 : there->second;
}

std::vector<std::string> Coverage::missing() const
{
    std::vector<std::string> all;
    for (const Expected& expected : all_expected())
        for (const std::string_view name : expected.names)
            if (times(expected.group, name) == 0)
                all.push_back(std::string(expected.group) + ": " + std::string(name));
    return all;
}

void Coverage::print(std::ostream& out) const
{
    for (const Expected& expected : all_expected()) {
        out << expected.group << ':';
        const char* separator = " ";
        for (const std::string_view name : expected.names) {
            out << std::exchange(separator, ", ") << name << ' ' << times(expected.group, name);
        }
        out << '\n';
    }
}

}
