// SPDX-License-Identifier: MIT
#include "cogen/resolve.hpp"

#include "cogen/helper_threads.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>

#include <netdb.h>

namespace cogen {
namespace {

class Category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "getaddrinfo"; }
    std::string message(int code) const override { return ::gai_strerror(code); }
};

}

const boost::system::error_category& resolve_category()
{
    static const Category category;
    return category;
}

/// What goes to the helper thread, which may have it longer than the operation lives.
class Resolve::Lookup final : public Job {
public:
    Lookup(Resolve& operation, std::string host, std::uint16_t port)
        : operation_(&operation), host_(std::move(host)), port_(port)
    {}

    void run() override
    {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;  // or each address would come once for each type
        hints.ai_flags = AI_NUMERICSERV;
        addrinfo* found = nullptr;
        const int answer =
            ::getaddrinfo(host_.c_str(), std::to_string(port_).c_str(), &hints, &found);
        if (answer == EAI_SYSTEM)
            error_ = system_error_code(errno);
        else if (answer != 0)
            error_ = error_code(answer, resolve_category());
        for (const addrinfo* one = found; one; one = one->ai_next) {
            sockaddr_storage address{};
            std::memcpy(&address, one->ai_addr, one->ai_addrlen);
            endpoints_.emplace_back(address, one->ai_addrlen);
        }
        if (found)
            ::freeaddrinfo(found);
    }

    void done() override
    {
        if (!operation_)
            return;
        Resolve& operation = *operation_;
        operation.endpoints_ = std::move(endpoints_);
        operation.work_.reset();
        operation.lookup_.reset();  // we live on in the caller's hands
        operation.complete(error_);
    }

    bool abandoned() const override { return abandoned_; }

    void abandon()
    {
        operation_ = nullptr;
        abandoned_ = true;
    }

private:
    Resolve* operation_;  // for the scheduler's thread alone
    std::atomic<bool> abandoned_{false};
    std::string host_;
    std::uint16_t port_;
    error_code error_;
    std::vector<Endpoint> endpoints_;
};

Coroutine* Resolve::start(Scheduler& scheduler)
{
    endpoints_.clear();
    if (host_.find('\0') != std::string::npos)  // the system would take what stands before it
        return complete_now(error_code(EAI_NONAME, resolve_category()));
    lookup_ = std::make_shared<Lookup>(*this, host_, port_);
    work_.emplace(scheduler);
    try {
        scheduler.service<HelperThreads>().start(scheduler, lookup_);
    } catch (...) {
        work_.reset();
        lookup_.reset();
        throw;
    }
    return nullptr;
}

Record* Resolve::cancel(error_code why)
{
    std::exchange(lookup_, nullptr)->abandon();
    work_.reset();
    complete(why);
    return nullptr;
}

}
