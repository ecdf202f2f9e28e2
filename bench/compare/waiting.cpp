// SPDX-License-Identifier: MIT
#include "bench/compare/waiting.hpp"

#include "bench/compare/meeting.hpp"
#include "bench/table.hpp"

#include <map>

#include <sys/select.h>

namespace bench {
namespace {

const std::map<std::string, std::string>& ways()
{
    static const std::map<std::string, std::string> all = {
        {"select",
         "select hands the kernel a bit for every descriptor up to the highest number and gets the "
         "answer in the same bits, so they are copied before each wait and searched after it; a "
         "number from FD_SETSIZE ("
             + counted(FD_SETSIZE) + ") on has no bit."},
        {"poll",
         "poll hands over a list of those waited for, and in each wait the kernel asks every one "
         "of them; the list is searched afterwards, and has no limit."},
        {"epoll",
         "epoll leaves the list with the kernel, which hears of each descriptor once and names "
         "only those where something has happened."},
        {"io_uring",
         "io_uring hands over whole calls, by the same system call that waits, and gets their "
         "answers; the kernel keeps each until its descriptor is ready, so there is no list."},
        {"kqueue",
         "kqueue leaves the list with the kernel, too, but for one event at a time: who waits "
         "again says so by the same system call that waits."},
        {"asio",
         "asio waits by what Boost.Asio has been built for, which is epoll on Linux and kqueue on "
         "the BSDs; a handler of its own tells of each descriptor."},
    };
    return all;
}

}

std::vector<std::string> ways_of_waiting(const Comparison& comparison)
{
    if (!comparison.workload.same_work)
        return {};
    std::vector<std::string> sentences;
    for (const auto& reactor : reactors_of(comparison))
        if (const auto way = ways().find(reactor); way != ways().end())
            sentences.push_back(way->second);
    return sentences;
}

}
