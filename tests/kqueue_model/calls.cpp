#include "tests/kqueue_model/calls.hpp"

#include "tests/kqueue_model/faults.hpp"
#include "tests/kqueue_model/kqueue.hpp"
#include "tests/kqueue_model/lock.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <map>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace kqueue_model {
namespace {

using Clock = std::chrono::steady_clock;
using Queues = std::map<int, std::unique_ptr<Kqueue>>;

/// Never destroyed: somebody may close a descriptor after main() has ended.
Queues& queues()
{
    static Queues& all = *new Queues;  // allowed: it outlives all others
    return all;
}

std::atomic<bool> in_use{false};  // there has been a kqueue: from then on each close matters

std::optional<Lock> of_fork;  // so that no other thread is in here when it is no more

/// A child has no kqueue: they are not inherited.
void leave_to_parent()
{
    for (const auto& [number, queue] : queues())
        close_quietly(number);
    queues().clear();
    of_fork.reset();
}

/// Answers with how many errors and receipts there are, or with -errno where there is no room for
/// one.
int make_changes(Kqueue& queue, std::span<const Event> changes, std::span<Event> room)
{
    std::size_t count = 0;
    for (const Event& change : changes) {
        const int error = queue.change(change);
        if (error == 0 && (change.flags & EV_RECEIPT) == 0)
            continue;
        if (count < room.size())
            room[count++] = queue.receipt(change, error);
        else if (error != 0)
            return -error;
    }
    if (!changes.empty())
        queue.wake();  // whoever waits already
    return static_cast<int>(count);
}

/// Sleeps until there may be something. Answers with -errno, or with 1 where it is time to look,
/// and 0 where time has run out.
int sleep(int number, std::optional<Clock::time_point> end)
{
    timespec left{};
    if (end) {
        const auto rest = *end - Clock::now();
        if (rest <= Clock::duration::zero())
            return 0;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(rest);
        left = {static_cast<time_t>(seconds.count()), static_cast<long>((rest - seconds).count())};
    }
    if (Faults::present() && Faults::present()->interrupts())
        return -EINTR;
    pollfd one{number, POLLIN, 0};
    return ::ppoll(&one, 1, end ? &left : nullptr, nullptr) < 0 ? -errno : 1;
}

}

int open(const Quirks& quirks)
{
    const Lock lock;
    if (!in_use.exchange(true))
        ::pthread_atfork([] { of_fork.emplace(); }, [] { of_fork.reset(); }, leave_to_parent);
    auto queue = std::make_unique<Kqueue>(quirks);
    const int number = queue->number();
    if (number < 0)
        return -errno;
    queues().emplace(number, std::move(queue));
    return number;
}

int exchange(int number, std::span<const Event> changes, std::span<Event> room,
             const timespec* timeout)
{
    std::optional<Clock::time_point> end;
    if (timeout)
        end = Clock::now() + std::chrono::seconds(timeout->tv_sec)
              + std::chrono::nanoseconds(timeout->tv_nsec);
    for (bool first = true;; first = false) {
        {
            const Lock lock;
            const auto found = queues().find(number);
            if (found == queues().end())
                return -EBADF;
            Kqueue& queue = *found->second;
            if (first) {
                const int count = make_changes(queue, changes, room);
                if (count != 0 || room.empty())
                    return count;
            }
            if (const std::size_t count = queue.deliver(room))
                return static_cast<int>(count);
        }
        const int answer = sleep(number, end);
        if (answer <= 0)
            return answer;
    }
}

}

// A descriptor that is closed, by whomever in this program, leaves each kqueue: these stand in
// front of the C library's.

extern "C" int close(int number)
{
    using namespace kqueue_model;
    if (in_use) {
        const Lock lock;
        queues().erase(number);
        for (const auto& [other, queue] : queues())
            queue->forget(number);
    }
    return close_quietly(number);
}

extern "C" int dup2(int from, int to) noexcept
{
    using namespace kqueue_model;
    if (from == to)
        return ::fcntl(from, F_GETFD) < 0 ? -1 : to;
    if (in_use) {
        const Lock lock;
        for (const auto& [other, queue] : queues())
            queue->forget(to);
    }
    return static_cast<int>(::syscall(SYS_dup3, from, to, 0));
}
