#include "quirks.hpp"
#include "tests/kqueue_model/calls.hpp"
#include "tests/support/allocations.hpp"

#include <cerrno>
#include <type_traits>
#include <vector>

#include <sys/event.h>

// The two calls of one flavour: this file is compiled once for each, and finds its <sys/event.h>.

namespace {

using kqueue_model::Filter;

struct Number {
    Filter filter;
    long number;
};

constexpr Number numbers[] = {
    {Filter::read, EVFILT_READ},    {Filter::write, EVFILT_WRITE},   {Filter::vnode, EVFILT_VNODE},
    {Filter::process, EVFILT_PROC}, {Filter::signal, EVFILT_SIGNAL},
#ifdef EVFILT_USER
    {Filter::user, EVFILT_USER},
#endif
};

Filter filter_of(long number)
{
    for (const Number& known : numbers)
        if (known.number == number)
            return known.filter;
    return Filter::unknown;
}

template <class Udata>
std::uint64_t number_of(Udata udata)
{
    if constexpr (std::is_pointer_v<Udata>)
        return reinterpret_cast<std::uintptr_t>(udata);
    else
        return static_cast<std::uint64_t>(udata);
}

template <class Udata>
Udata udata_of(std::uint64_t number)
{
    if constexpr (std::is_pointer_v<Udata>)
        return reinterpret_cast<Udata>(static_cast<std::uintptr_t>(number));
    else
        return static_cast<Udata>(number);
}

kqueue_model::Event neutral(const struct kevent& event)
{
    const long filter = static_cast<long>(event.filter);
    return {.ident = event.ident,
            .filter = filter_of(filter),
            .flags = event.flags,
            .fflags = event.fflags,
            .data = event.data,
            .udata = number_of(event.udata),
            .unknown_filter = filter};
}

struct kevent flavoured(const kqueue_model::Event& event)
{
    struct kevent result {};
    long filter = event.unknown_filter;
    for (const Number& known : numbers)
        if (known.filter == event.filter)
            filter = known.number;
    result.ident = event.ident;
    result.filter = static_cast<decltype(result.filter)>(filter);
    result.flags = static_cast<decltype(result.flags)>(event.flags);
    result.fflags = event.fflags;
    result.data = static_cast<decltype(result.data)>(event.data);
    result.udata = udata_of<decltype(result.udata)>(event.udata);
    return result;
}

int answer_of(int answer)
{
    if (answer >= 0)
        return answer;
    errno = -answer;
    return -1;
}

}

int kqueue_of_this_system::kqueue()
{
    const PlentyOfMemory plenty;
    return answer_of(kqueue_model::open(quirks));
}

int kqueue_of_this_system::kevent(int number, const struct kevent* changes,
                                  kevent_count change_count, struct kevent* events,
                                  kevent_count event_count, const timespec* timeout)
{
    const PlentyOfMemory plenty;
    std::vector<kqueue_model::Event> list, room(static_cast<std::size_t>(event_count));
    for (kevent_count i = 0; i < change_count; ++i)
        list.push_back(neutral(changes[i]));
    const int count = kqueue_model::exchange(number, list, room, timeout);
    for (int i = 0; i < count; ++i)
        events[i] = flavoured(room[static_cast<std::size_t>(i)]);
    return answer_of(count);
}
