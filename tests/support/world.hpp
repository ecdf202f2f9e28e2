#pragma once

#include "cogen/cogen.hpp"

#include <memory>
#include <string>
#include <vector>

/// Ends what spins for ever, as a failure of the present test.
class SpinGuard final : public cogen::Instrument {
public:
    explicit SpinGuard(cogen::Scheduler& scheduler) : scheduler_(scheduler) {}
    void before_wait(cogen::Patience patience) noexcept override;

private:
    cogen::Scheduler& scheduler_;
    int waits_ = 0;
};

/// A scheduler whose clock is virtual, with one of the reactors on which the tests run.
struct World {
    explicit World(const std::string& reactor);
    ~World() { scheduler.detach(guard); }

    std::string name;
    std::unique_ptr<cogen::Kernel> kernel;
    cogen::Scheduler scheduler;
    SpinGuard guard{scheduler};
};

/// The two that a World is made of, for a test that puts something between them.
std::unique_ptr<cogen::Kernel> kernel_for(const std::string& reactor);
std::unique_ptr<cogen::Reactor> reactor_named(const std::string& name, cogen::Kernel& kernel);

/// A reactor on which a behaviour cannot be, and why.
struct NotApplicable {
    std::string reactor;  // or what the names of several begin with
    std::string why;
};

/// The name of one reactor after the other: the present test is made once with each, but for those
/// on which it is not applicable.
///
/// Besides those that this system has there are KQueue's as three others compile it, with a kqueue
/// that is played (tests/kqueue_model), io_uring with older rings (rings.hpp), "late", a reactor
/// whose completions all come a turn later, and "memory", poll with a network in memory. A
/// behaviour of the contract is also made with those around which there is trouble (faulty.hpp).
/// With AddressSanitizer there are fewer.
std::string each_reactor(const std::vector<NotApplicable>& exceptions = {});

/// Has the tests made with these only. Throws a system_error where one cannot be had.
void play_only_on(const std::vector<std::string>& reactors);

/// All these names.
std::vector<std::string> all_reactors();

/// Those that work with real descriptors only.
std::string each_real_reactor();

/// Of these, those that this system has: what users get.
std::string each_system_reactor();

/// With those that users get on the systems that are played here.
std::string each_users_reactor();

/// Of these, those that are told of readiness.
std::string each_readiness_reactor();
