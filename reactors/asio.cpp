// SPDX-License-Identifier: MIT
#include "reactors/asio.hpp"

#include "cogen/blocks.hpp"
#include "cogen/forks.hpp"
#include "reactors/readiness.hpp"

#include <cerrno>

#if __has_include(<boost/asio/posix/basic_stream_descriptor.hpp>)

#include "reactors/waker.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace cogen {
namespace {

namespace asio = boost::asio;

// Asio is a loop of its own, which waits by the best that a system has. Of it we use the waiting
// alone; the calls are made by the operations, as on every reactor. Its surprises decide how:
//
// - It tells of readiness once for each time that it is asked, by a handler. So whoever would block
//   asks (Side::watched), and asks again after each report that came to nothing. It is asked when a
//   wait begins: otherwise who is always ready would be served over and over in the same wait.
// - What it is asked is outstanding work, and keeps its owner's run() from returning. So it is
//   asked for those who wait and for nobody else, and about the waker only while we sleep.
// - A handler may be on its way while nobody waits for it any more. It cannot be called back, so
//   it comes to a Watch that is over, whatever its descriptor's number stands for by then.
// - A descriptor object closes what it owns, and ours is the kernel's to close: it is released
//   first. It must be, as long as the number is valid.
// - It makes files non-blocking when it first waits for them. Theirs is the mode of everybody who
//   has them open, a terminal's for one; so it is put back.
// - A file may be in the context already, as its owner's own socket. Then what we watch is a copy.
// - Regular files are refused (operation_not_supported), since they are always ready.
// - Its waits are not ended by signals, and it tells time in milliseconds, rounded up.

/// Waits in an io_context.
class AsioReactor final : public ReadinessReactor {
public:
    AsioReactor(std::unique_ptr<asio::io_context> own, asio::io_context& context,
                const ReactorOptions& options, Kernel& kernel)
        : ReadinessReactor(kernel),
          own_(std::move(own)),
          context_(context),
          batch_(options.batch),
          alarm_(std::make_shared<Watch>(*this, waker_.descriptor()))
    {
        if (const error_code error = alarm_->begin())
            throw_error(error, "asio: to be woken by " + to_string(waker_.descriptor()));
    }

    ~AsioReactor() override
    {
        leave_parent();
        alarm_->end();
        for (const std::shared_ptr<Watch>& watch : watches_)
            if (watch)
                watch->end();
    }

    std::string_view name() const override { return "asio"; }
    void wake() noexcept override { waker_.wake(); }
    bool serves_others() const override { return !own_; }

    error_code close(Descriptor descriptor) override
    {
        let_go(descriptor);
        return ReadinessReactor::close(descriptor);
    }

    bool wait(Patience patience) override
    {
        const Running running(context_);
        for (const auto& [watch, interest] : to_ask_)
            if (watch->reactor)
                ask(watch, interest);
        to_ask_.clear();
        handlers_->in_vain = 0;
        std::size_t count = patience == Duration::zero() ? 0 : sleep(patience);
        while (count - handlers_->in_vain < batch_ && context_.poll_one() > 0)
            ++count;
        return count > handlers_->in_vain;
    }

private:
    /// What all handlers share, for as long as one of them is on its way.
    struct Handlers {
        Handlers() = default;
        ~Handlers() { memory.release(); }
        Handlers(const Handlers&) = delete;
        Handlers& operator=(const Handlers&) = delete;

        Blocks& memory = Blocks::create();  // for what Asio keeps of each
        std::size_t in_vain = 0;            // that had nobody to tell, in this wait
    };

    /// How Asio asks for that memory.
    template <class T>
    struct Memory {
        using value_type = T;

        explicit Memory(Blocks& theirs) : blocks(&theirs) {}
        template <class U>
        Memory(const Memory<U>& other) : blocks(other.blocks)
        {}

        T* allocate(std::size_t count)
        {
            return static_cast<T*>(blocks->allocate(count * sizeof(T)));
        }
        void deallocate(T* memory, std::size_t count) noexcept
        {
            blocks->deallocate(memory, count * sizeof(T));
        }
        template <class U>
        bool operator==(const Memory<U>& other) const
        {
            return blocks == other.blocks;
        }

        Blocks* blocks;
    };

    /// A descriptor in the context. It lives until it is over and no handler is on its way to it.
    struct Watch {
        using File = asio::posix::basic_stream_descriptor<asio::io_context::executor_type>;

        Watch(AsioReactor& owner, Descriptor watched)
            : reactor(&owner), descriptor(watched), file(owner.context_), handlers(owner.handlers_)
        {}
        ~Watch() { end(); }
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

        error_code begin()
        {
            error_code error;
            file.assign(descriptor.number(), error);
            if (error.value() != EEXIST)
                return error;
            copy = ::fcntl(descriptor.number(), F_DUPFD_CLOEXEC, 0);
            if (copy < 0)
                return system_error_code(errno);
            file.assign(copy, error);
            return error;
        }

        /// What is on its way to it comes to nothing.
        void end()
        {
            reactor = nullptr;
            if (file.is_open())
                file.release();
            if (copy >= 0)
                ::close(std::exchange(copy, -1));
        }

        AsioReactor* reactor;  // null: it is over
        Descriptor descriptor;
        File file;
        int copy = -1;  // what `file` has, where that is not `descriptor`
        bool asked = false;
        std::shared_ptr<Handlers> handlers;
    };

    /// What Asio calls in the end.
    class Handler {
    public:
        using allocator_type = Memory<std::byte>;

        Handler(std::shared_ptr<Watch> watch, Interest interest)
            : watch_(std::move(watch)), interest_(interest)
        {}

        allocator_type get_allocator() const { return Memory<std::byte>(watch_->handlers->memory); }

        void operator()(error_code error) const
        {
            if (watch_->reactor && error != asio::error::operation_aborted)
                watch_->reactor->on_report(*watch_, interest_, error);
            else
                ++watch_->handlers->in_vain;
        }

    private:
        std::shared_ptr<Watch> watch_;
        Interest interest_;
    };

    /// While it lives the context is running, whether anything is outstanding or not. Afterwards it
    /// is stopped only if somebody has stopped it.
    class Running {
    public:
        explicit Running(asio::io_context& context)
            : context_(context), work_(asio::make_work_guard(restarted(context)))
        {}
        ~Running()
        {
            const bool by_others = context_.stopped();
            work_.reset();
            if (!by_others && context_.stopped())
                context_.restart();
        }
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;

    private:
        static asio::io_context& restarted(asio::io_context& context)
        {
            if (context.stopped())
                context.restart();
            return context;
        }

        asio::io_context& context_;
        asio::executor_work_guard<asio::io_context::executor_type> work_;
    };

    /// While it lives a sleep is ended by the waker.
    class Alarm {
    public:
        explicit Alarm(const std::shared_ptr<Watch>& watch) : file_(watch->file)
        {
            ask(watch, Interest::read);
        }
        ~Alarm()
        {
            error_code ignored;  // it is open
            file_.cancel(ignored);
        }
        Alarm(const Alarm&) = delete;
        Alarm& operator=(const Alarm&) = delete;

    private:
        Watch::File& file_;
    };

    static void ask(const std::shared_ptr<Watch>& watch, Interest interest)
    {
        const bool first = !std::exchange(watch->asked, true);
        const int mode = first ? ::fcntl(watch->descriptor.number(), F_GETFL) : O_NONBLOCK;
        watch->file.async_wait(interest == Interest::read ? Watch::File::wait_read
                                                          : Watch::File::wait_write,
                               Handler(watch, interest));
        if (mode >= 0 && (mode & O_NONBLOCK) == 0)
            ::fcntl(watch->descriptor.number(), F_SETFL, mode);
    }

    std::size_t sleep(Patience patience)
    {
        const Alarm alarm(alarm_);
        if (!patience)
            return context_.run_one();
        constexpr Duration long_enough = 1h;  // that can be added to any time
        return context_.run_one_for(std::min(*patience, long_enough));
    }

    void on_report(Watch& watch, Interest interest, error_code error)
    {
        if (&watch == alarm_.get()) {
            waker_.drain();
            return;
        }
        Slot& slot = this->slot(watch.descriptor);
        Side& side = slot.side(interest);
        side.watched = false;
        if (!error || error == asio::error::operation_not_supported)
            on_ready(slot, interest == Interest::read, interest == Interest::write, false);
        else if (side.waiter)
            cancel(*side.waiter, error);
        watch_on(slot);
    }

    error_code watch(Descriptor descriptor, Slot& slot) override
    {
        const auto index = static_cast<std::size_t>(descriptor.number());
        if (index >= watches_.size())
            watches_.resize(std::max(index + 1, watches_.size() * 2));
        if (!watches_[index]) {
            const auto made = std::make_shared<Watch>(*this, descriptor);
            if (const error_code refused = made->begin())
                return refused;
            watches_[index] = made;
        }
        for (const Interest interest : {Interest::read, Interest::write}) {
            Side& side = slot.side(interest);
            if (side.waiter && !side.watched) {
                to_ask_.emplace_back(watches_[index], interest);
                side.watched = true;
            }
        }
        return {};
    }

    /// What has been asked is taken back for both directions, or not at all.
    void unwatch(Slot& slot) override
    {
        if ((!slot.read.watched || slot.read.waiter) && (!slot.write.watched || slot.write.waiter))
            return;
        let_go(descriptor_of(slot));
        watch_on(slot);
    }

    void disown(Descriptor descriptor, Slot&) override { let_go(descriptor); }

    void let_go(Descriptor descriptor)
    {
        const auto index = static_cast<std::size_t>(descriptor.number());
        if (index >= watches_.size() || !watches_[index])
            return;
        leave_parent();
        watches_[index]->end();
        watches_[index].reset();
        Slot& slot = this->slot(descriptor);
        slot.read.watched = slot.write.watched = false;
    }

    /// In a copy of the process: what we take out of the context is in there for the parent, too.
    void leave_parent()
    {
        if (std::exchange(forks_, forks()) == forks())
            return;
        try {
            context_.notify_fork(asio::execution_context::fork_child);
        } catch (const system_error&) {}  // something that it knew has been closed here meanwhile
    }

    /// Whoever waits, and is not watched for any more, is again; or learns why not.
    void watch_on(Slot& slot)
    {
        Side& side = slot.read.waiter && !slot.read.watched ? slot.read : slot.write;
        if (side.waiter && !side.watched)
            if (const error_code refused = watch_or_fail(descriptor_of(slot), slot))
                cancel(*side.waiter, refused);
    }

    const std::unique_ptr<asio::io_context> own_;  // null: it is the caller's
    asio::io_context& context_;
    const std::size_t batch_;
    unsigned forks_ = forks();  // of the process that the context is in
    const std::shared_ptr<Handlers> handlers_ = std::make_shared<Handlers>();
    Waker waker_;
    const std::shared_ptr<Watch> alarm_;           // of the waker
    std::vector<std::shared_ptr<Watch>> watches_;  // by the descriptor's number; null: none
    std::vector<std::pair<std::shared_ptr<Watch>, Interest>> to_ask_;  // at the next wait()
};

}

std::unique_ptr<Reactor> make_asio_reactor(const ReactorOptions& options, Kernel& kernel)
{
    constexpr int threads = 1;
    auto own = std::make_unique<asio::io_context>(threads);
    asio::io_context& context = *own;
    return std::make_unique<AsioReactor>(std::move(own), context, options, kernel);
}

std::unique_ptr<Reactor> make_asio_reactor(asio::io_context& context, const ReactorOptions& options,
                                           Kernel& kernel)
{
    check(options);
    return std::make_unique<AsioReactor>(nullptr, context, options, kernel);
}

std::unique_ptr<Reactor> make_asio_reactor(asio::io_context& context, Kernel& kernel)
{
    return make_asio_reactor(context, ReactorOptions(), kernel);
}

}

#else

namespace cogen {

std::unique_ptr<Reactor> make_asio_reactor(const ReactorOptions&, Kernel&)
{
    throw_error(system_error_code(ENOSYS), "asio: this system's Boost.Asio has no descriptors");
}

}

#endif
