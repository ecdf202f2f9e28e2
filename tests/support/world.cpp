#include "tests/support/world.hpp"

#include "reactors/fake_kernel.hpp"
#include "reactors/readiness.hpp"
#include "reactors/virtual_clock.hpp"
#include "tests/kqueue_model/flavours.hpp"
#include "tests/support/contract_table.hpp"
#include "tests/support/faulty.hpp"
#include "tests/support/late_reactor.hpp"
#include "tests/support/rings.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace cogen;

std::unique_ptr<Kernel> kernel_for(const std::string& reactor)
{
    if (reactor == "memory")
        return std::make_unique<FakeKernel>();
    return std::make_unique<VirtualClock>(system_kernel());
}

std::unique_ptr<Reactor> reactor_named(const std::string& name, Kernel& kernel)
{
    if (name == "late")
        return std::make_unique<LateReactor>(kernel);
    for (const kqueue_model::Flavour& flavour : kqueue_model::flavours())
        if (flavour.reactor == name)
            return flavour.make(ReactorOptions(), kernel);
    if (is_faulty(name))
        return make_faulty(name, kernel);
    if (is_on_older_ring(name))
        return make_on_older_ring(name, kernel);
    return make_reactor(name == "memory" ? "poll" : name, kernel);
}

namespace {

/// Those that were asked for; none: all.
std::vector<std::string>& chosen()
{
    static std::vector<std::string> names;
    return names;
}

/// Those of the kqueues that are played, or one of the system's.
bool is_a_flavour(const std::string& name)
{
    const auto& all = kqueue_model::flavours();
    return std::any_of(all.begin(), all.end(), [&](const kqueue_model::Flavour& flavour) {
        return flavour.reactor == name;
    });
}

bool is_of_the_system(const std::string& name)
{
    const std::vector<ReactorInfo> all = available_reactors();
    return std::any_of(all.begin(), all.end(),
                       [&](const ReactorInfo& info) { return info.name == name; });
}

/// Also what cannot be had here.
bool is_known(const std::string& name)
{
    return name == "late" || name == "memory" || name == "faulty" || is_faulty(name)
           || is_on_older_ring(name) || is_a_flavour(name) || is_of_the_system(name);
}

std::vector<std::string> real_reactors()
{
    std::vector<std::string> names = predictable_reactors();
    std::erase(names, "memory");
    return names;
}

std::vector<std::string> users_reactors()
{
    std::vector<std::string> names = real_reactors();
    std::erase(names, "late");
    return names;
}

std::vector<std::string> system_reactors()
{
    std::vector<std::string> names = all_reactors();
    std::erase_if(names, [](const std::string& name) { return !is_of_the_system(name); });
    return names;
}

std::string noted(std::string reactor)
{
    contract().on(reactor);
    return reactor;
}

}

void play_only_on(const std::vector<std::string>& reactors)
{
    for (const std::string& name : reactors)
        reactor_named(name, system_kernel());
    chosen() = reactors;
}

std::vector<std::string> all_reactors()
{
    if (!chosen().empty())
        return chosen();
    std::vector<std::string> names;
    for (const ReactorInfo& info : available_reactors())
        if (info.why_not.empty())
            names.emplace_back(info.name);
    for (const kqueue_model::Flavour& flavour : kqueue_model::flavours())
        if (!is_of_the_system(flavour.reactor))
            names.push_back(flavour.reactor);
    for (const std::string& name : reactors_on_older_rings())
        names.push_back(name);
    for (const std::string& name : faulty_reactors())
        names.push_back(name);
    names.insert(names.end(), {"late", "memory"});
#ifdef BOOST_USE_ASAN  // which takes its time: one of each kind
    std::erase_if(names, [](const std::string& name) {
        return name == "poll" || name == "select" || name == "asio" || name == "kqueue-netbsd"
               || name == "kqueue-darwin" || name == "io_uring-5.19" || is_faulty(name);
    });
#endif
    return names;
}

World::World(const std::string& reactor)
    : name(reactor), kernel(kernel_for(reactor)), scheduler(reactor_named(reactor, *kernel))
{
    scheduler.attach(guard);
}

void SpinGuard::before_wait(Patience) noexcept
{
    constexpr int enough = 100'000;  // several times what the longest test needs
    if (++waits_ < enough)
        return;
    if (waits_ == enough)
        FAIL_CHECK("it still goes on after " << enough << " turns");
    scheduler_.stop();
}

std::string each_reactor(const std::vector<NotApplicable>& exceptions)
{
    std::vector<std::string> names = contract().playing() ? all_reactors() : predictable_reactors();
    for (const NotApplicable& exception : exceptions) {
        const auto is_meant = [&](const std::string& name) {
            return name.starts_with(exception.reactor);
        };
        for (const std::string& name : names)
            if (is_meant(name))
                contract().not_applicable(name, exception.why);
        if (std::erase_if(names, is_meant) == 0 && !is_known(exception.reactor))
            contract().not_applicable(exception.reactor, exception.why);
    }
    if (names.empty()) {
        contract().applies_nowhere();
        throw Catch::TestFailureException();  // ends the case, and is no failure by itself
    }
    return noted(GENERATE_COPY(from_range(names)));
}

std::string each_real_reactor()
{
    static const std::vector<std::string> names = real_reactors();
    return noted(GENERATE(from_range(names)));
}

std::string each_system_reactor()
{
    static const std::vector<std::string> names = system_reactors();
    return noted(GENERATE(from_range(names)));
}

std::string each_users_reactor()
{
    static const std::vector<std::string> names = users_reactors();
    return noted(GENERATE(from_range(names)));
}

std::string each_readiness_reactor()
{
    std::vector<std::string> names = users_reactors();
    std::erase_if(names, [](const std::string& name) {
        const auto reactor = reactor_named(name, system_kernel());
        return dynamic_cast<ReadinessReactor*>(reactor.get()) == nullptr;
    });
    return noted(GENERATE_COPY(from_range(names)));
}
