// SPDX-License-Identifier: MIT
#include "cogen/report.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <new>
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

void Report::add_failure(const Record& record) noexcept
{
    ++failed;
    try {
        if (failures.size() < failures_max)
            failures.push_back(
                {record.title(), to_string(record.site()), message_of(record.failure())});
    } catch (const std::bad_alloc&) {}  // it has been counted
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

std::vector<Status> statuses_of(List<Record, Alive>& coroutines)
{
    std::vector<Status> all;
    for (const Record& record : coroutines)
        all.push_back(status_of(*record.coroutine()));
    return all;
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

void print_failure(const Record& record)
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    char time[32];
    ::localtime_r(&now, &local);
    std::strftime(time, sizeof time, "%F %T", &local);
    std::fprintf(stderr, "%s cogen: coroutine %s, spawned at %s, failed: %s\n", time,
                 record.title().c_str(), to_string(record.site()).c_str(),
                 message_of(record.failure()).c_str());
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
