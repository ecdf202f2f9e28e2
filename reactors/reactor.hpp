// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/instrument.hpp"
#include "cogen/io_operation.hpp"
#include "reactors/kernel.hpp"
#include "reactors/reactor_options.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cogen {

/// Waits for descriptors, and completes the operations in its charge.
///
/// To make one, derive from this, or from ReadinessReactor (readiness.hpp) where the system tells
/// when a descriptor is ready. Everything here is called by the scheduler's thread, but wake().
class Reactor {
public:
    explicit Reactor(Kernel& kernel) : kernel_(kernel) {}
    Reactor(const Reactor&) = delete;
    Reactor& operator=(const Reactor&) = delete;

    /// It must be empty by then, but in a child of fork(2).
    virtual ~Reactor() = default;

    virtual std::string_view name() const = 0;

    /// Takes charge of `operation`. Answers true when it is done already, with its error set where
    /// it failed; then the reactor has let go of it, and does not call complete(). Otherwise
    /// complete() follows, exactly once, out of wait() or any other of these functions.
    virtual bool start(IoOperation& operation) = 0;

    /// Asks for an early end of an operation in its charge. complete(why) follows, now or later,
    /// once nobody holds the operation or its buffer; a success that was faster wins.
    virtual void cancel(IoOperation& operation, error_code why) = 0;

    /// Ends the operations on `descriptor` with errc::closed, now or later as cancel() does, and
    /// closes it. Answers with the error of close(2), if any; the descriptor is gone all the same.
    virtual error_code close(Descriptor descriptor) = 0;

    /// The same without closing: the descriptor is somebody else's from now on.
    virtual void forget(Descriptor descriptor) = 0;

    /// Something about the descriptor has changed by our own doing, as by shutdown(2): whoever
    /// waits for it attempts again, since the system may not report it.
    virtual void retry(Descriptor descriptor) = 0;

    /// Completes what can be completed, and sleeps while there is nothing, as long as `patience`
    /// allows. Answers whether anything moved, of which wake() is one, or without patience whether
    /// something is on its way; false after a wait in vain. It may end in vain before its time,
    /// where the system has interrupted it.
    virtual bool wait(Patience patience) = 0;

    /// Ends a wait(), the present one or the next. From any thread, and from signal handlers.
    virtual void wake() noexcept = 0;

    /// Nothing is in its charge.
    virtual bool empty() const = 0;

    /// Whether others than operations are served by a wait(), as the handlers of an Asio program
    /// are. Then it is asked to wait now and then also while it is empty.
    virtual bool serves_others() const { return false; }

    /// The system calls that it has made itself, apart from the kernel's.
    virtual std::vector<CallCount> calls() const { return {}; }

    Kernel& kernel() const { return kernel_; }

    /// For the scheduler: whom to tell of attempts from now on; null: nobody.
    virtual void instrument_with(Instrument* instrument) noexcept { instrument_ = instrument; }

protected:
    /// What the operation ends with, if nothing better comes.
    static void set_error(IoOperation& operation, error_code error) { operation.set_error(error); }

    /// For start(), before it keeps anything for a number that may be a mistake: there might be a
    /// thousand million below it.
    bool is_open(Descriptor descriptor);

    /// An attempt of which the instrument is told.
    ssize_t attempt(IoOperation& operation)
    {
        const ssize_t answer = operation.attempt(kernel_);
        if (instrument_) [[unlikely]]
            instrument_->attempted(operation, answer);
        return answer;
    }

    Instrument* instrument() const { return instrument_; }

private:
    Kernel& kernel_;
    Instrument* instrument_ = nullptr;
};

/// A reactor by its name, or the best one here where the name is empty; COGEN_REACTOR in the
/// environment names another default. Throws a system_error that says why it cannot be had.
/// The kernel must outlive it.
std::unique_ptr<Reactor> make_reactor(std::string_view name = {}, Kernel& kernel = system_kernel());

/// The same, made as the options say. Wrong ones are an error, too.
std::unique_ptr<Reactor> make_reactor(std::string_view name, const ReactorOptions& options,
                                      Kernel& kernel = system_kernel());

/// A reactor that can be asked for, and why it cannot be had here; empty where it can. The name
/// lives as long as the program.
struct ReactorInfo {
    std::string_view name;
    std::string why_not;
};

/// All of them: the build's own, best first, and those that were registered.
std::vector<ReactorInfo> available_reactors();

/// Makes a reactor that works with this kernel, or throws a system_error that says why not.
using ReactorFactory =
    std::function<std::unique_ptr<Reactor>(const ReactorOptions& options, Kernel& kernel)>;

/// Has make_reactor(), and all who go there, know a reactor of one's own by this name, from now on
/// and for good. It becomes the default where COGEN_REACTOR names it, or no other can be had.
/// Throws an invalid_argument where the name is empty, or taken. From any thread.
void register_reactor(std::string name, ReactorFactory factory);

}
