// SPDX-License-Identifier: MIT
#include "reactors/reactor.hpp"

#include <cerrno>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <stdexcept>

namespace cogen {

// Each is a file of its own, and throws a system_error where it cannot be had.
std::unique_ptr<Reactor> make_asio_reactor(const ReactorOptions& options, Kernel& kernel);
std::unique_ptr<Reactor> make_epoll_reactor(const ReactorOptions& options, Kernel& kernel);
std::unique_ptr<Reactor> make_io_uring_reactor(const ReactorOptions& options, Kernel& kernel);
std::unique_ptr<Reactor> make_kqueue_reactor(const ReactorOptions& options, Kernel& kernel);
std::unique_ptr<Reactor> make_poll_reactor(const ReactorOptions& options, Kernel& kernel);
std::unique_ptr<Reactor> make_select_reactor(const ReactorOptions& options, Kernel& kernel);

namespace {

struct Entry {
    std::string name;
    ReactorFactory make;
};

/// What can be asked for by name. Entries come, and stay where they are.
class Table {
public:
    void add(Entry added)
    {
        const std::lock_guard lock(mutex_);
        for (const Entry& entry : entries_)
            if (entry.name == added.name)
                throw std::invalid_argument("register_reactor: \"" + added.name
                                            + "\" is one already");
        entries_.push_back(std::move(added));
    }

    /// As they are now: whoever makes a reactor may ask for another.
    std::vector<const Entry*> entries() const
    {
        const std::lock_guard lock(mutex_);
        std::vector<const Entry*> all;
        for (const Entry& entry : entries_)
            all.push_back(&entry);
        return all;
    }

private:
    mutable std::mutex mutex_;
    std::deque<Entry> entries_ = {
        // best first
        {"epoll", make_epoll_reactor},   {"io_uring", make_io_uring_reactor},
        {"kqueue", make_kqueue_reactor}, {"poll", make_poll_reactor},
        {"select", make_select_reactor}, {"asio", make_asio_reactor},
    };
};

/// Made when it is first asked for, which may be while the program's own variables are made.
Table& table()
{
    static Table all;
    return all;
}

std::unique_ptr<Reactor> make_best_reactor(const ReactorOptions& options, Kernel& kernel)
{
    for (const Entry* entry : table().entries())
        try {
            return entry->make(options, kernel);
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

std::unique_ptr<Reactor> make_reactor(std::string_view name, const ReactorOptions& options,
                                      Kernel& kernel)
{
    check(options);
    if (name.empty())
        if (const char* wish = std::getenv("COGEN_REACTOR"))
            name = wish;
    if (name.empty())
        return make_best_reactor(options, kernel);

    std::string known;
    for (const Entry* entry : table().entries()) {
        if (entry->name == name)
            return entry->make(options, kernel);
        known += (known.empty() ? "" : ", ") + entry->name;
    }
    throw_error(system_error_code(EINVAL),
                "no reactor is called \"" + std::string(name) + "\" (there are: " + known + ")");
}

std::unique_ptr<Reactor> make_reactor(std::string_view name, Kernel& kernel)
{
    return make_reactor(name, ReactorOptions(), kernel);
}

std::vector<ReactorInfo> available_reactors()
{
    std::vector<ReactorInfo> all;
    for (const Entry* entry : table().entries()) {
        std::string why_not;
        try {
            entry->make(ReactorOptions(), system_kernel());
        } catch (const system_error& error) {
            why_not = error.what();
        }
        all.push_back({entry->name, why_not});
    }
    return all;
}

void register_reactor(std::string name, ReactorFactory factory)
{
    if (name.empty())
        throw std::invalid_argument("register_reactor: a reactor needs a name");
    table().add({std::move(name), std::move(factory)});
}

}
