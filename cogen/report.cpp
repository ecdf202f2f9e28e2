// SPDX-License-Identifier: MIT
#include "cogen/report.hpp"

#include <algorithm>
#include <ostream>
#include <unordered_set>

namespace cogen {
namespace {

/// Whose end the coroutine of `record` waits for; null: nobody's.
const Record* awaited_by(const Record& record)
{
    const Coroutine* const coroutine = record.coroutine();
    const bool waits = coroutine && coroutine->state() == State::waiting;
    return waits ? coroutine->operation()->awaited() : nullptr;
}

std::string in_words(const std::vector<const Record*>& cycle)
{
    std::string words = cycle.front()->title() + " waits for ";
    for (std::size_t i = 1; i < cycle.size(); ++i)
        words += cycle[i]->title() + ", which waits for ";
    return words + cycle.front()->title();
}

}

Status status_of(const Coroutine& coroutine)
{
    Status status{
        coroutine.record().title(), to_string(coroutine.record().site()), coroutine.state(), {}, {},
        coroutine.since()};
    if (const Operation* const operation = coroutine.operation()) {
        status.operation = operation->describe();
        status.yielded_at = to_string(operation->site());
    }
    return status;
}

/// Each waits for one other at most: so whoever is followed comes to an end, to one who has been
/// followed before, or back to where this walk began to turn.
std::vector<std::string> wait_cycles(List<Record, Alive>& coroutines)
{
    std::vector<std::string> cycles;
    std::unordered_set<const Record*> followed;
    for (const Record& start : coroutines) {
        std::vector<const Record*> path;
        const Record* at = &start;
        for (; at && followed.insert(at).second; at = awaited_by(*at))
            path.push_back(at);
        const auto turn = std::find(path.begin(), path.end(), at);
        if (turn != path.end())
            cycles.push_back(in_words({turn, path.end()}));
    }
    return cycles;
}

std::ostream& operator<<(std::ostream& out, const Status& status)
{
    out << status.coroutine << ", spawned at " << status.spawned_at << ", ";
    switch (status.state) {
    case State::waiting:
        return out << "waits since turn " << status.since << " for " << status.operation
                   << ", yielded at " << status.yielded_at;
    case State::ending:
        return out << "waits since turn " << status.since << " for the early end of "
                   << status.operation << ", yielded at " << status.yielded_at;
    default:
        return out << "is " << to_string(status.state) << " since turn " << status.since;
    }
}

std::ostream& operator<<(std::ostream& out, const Report& report)
{
    out << report.finished << " finished, " << report.failed << " failed, " << report.stuck.size()
        << " stuck\n";
    for (const Report::Failure& failure : report.failures)
        out << "  " << failure.coroutine << ", spawned at " << failure.spawned_at
            << ", failed: " << failure.what << '\n';
    if (report.failed > report.failures.size())
        out << "  and " << report.failed - report.failures.size() << " more failed\n";
    for (const Status& status : report.stuck)
        out << "  " << status << '\n';
    for (const std::string& cycle : report.cycles)
        out << "  " << cycle << '\n';
    return out;
}

}
