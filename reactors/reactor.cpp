// SPDX-License-Identifier: MIT
#include "reactors/reactor.hpp"

#include <cstdlib>

namespace cogen {

// Each is a file of its own, and throws a system_error where it cannot be had.
std::unique_ptr<Reactor> make_epoll_reactor(Kernel& kernel);
std::unique_ptr<Reactor> make_io_uring_reactor(Kernel& kernel);
std::unique_ptr<Reactor> make_poll_reactor(Kernel& kernel);
std::unique_ptr<Reactor> make_select_reactor(Kernel& kernel);

namespace {

struct Entry {
    std::string_view name;
    std::unique_ptr<Reactor> (*make)(Kernel&);
};

constexpr Entry table[] = {
    // best first
    {"epoll", make_epoll_reactor},
    {"io_uring", make_io_uring_reactor},
    {"poll", make_poll_reactor},
    {"select", make_select_reactor},
};

std::unique_ptr<Reactor> make_best_reactor(Kernel& kernel)
{
    for (const Entry& entry : table)
        try {
            return entry.make(kernel);
        } catch (const system_error&) {
            // The next one may do. Whoever wants this one and no other names it, and is told why.
        }
    throw_error(system_error_code(ENOSYS), "no reactor can be had here");
}

}

bool Reactor::is_open(Descriptor descriptor)
{
    if (!descriptor.valid())
        return false;
    pollfd one{descriptor.number(), 0, 0};
    kernel().poll({&one, 1}, Duration::zero());
    return (one.revents & POLLNVAL) == 0;
}

std::unique_ptr<Reactor> make_reactor(std::string_view name, Kernel& kernel)
{
    if (name.empty())
        if (const char* wish = std::getenv("COGEN_REACTOR"))
            name = wish;
    if (name.empty())
        return make_best_reactor(kernel);

    std::string known;
    for (const Entry& entry : table) {
        if (entry.name == name)
            return entry.make(kernel);
        known += (known.empty() ? "" : ", ") + std::string(entry.name);
    }
    throw_error(system_error_code(EINVAL),
                "no reactor is called \"" + std::string(name) + "\" (there are: " + known + ")");
}

std::vector<ReactorInfo> available_reactors()
{
    std::vector<ReactorInfo> all;
    for (const Entry& entry : table) {
        std::string why_not;
        try {
            entry.make(system_kernel());
        } catch (const system_error& error) {
            why_not = error.what();
        }
        all.push_back({entry.name, why_not});
    }
    return all;
}

}
