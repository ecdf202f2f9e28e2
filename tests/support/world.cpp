#include "tests/support/world.hpp"

#include "reactors/fake_kernel.hpp"
#include "reactors/virtual_clock.hpp"
#include "tests/support/contract_table.hpp"
#include "tests/support/late_reactor.hpp"

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
    return make_reactor(name == "memory" ? "poll" : name, kernel);
}

namespace {

/// Those that were asked for; none: all.
std::vector<std::string>& chosen()
{
    static std::vector<std::string> names;
    return names;
}

/// What the tests add to the system's.
bool is_of_the_tests(const std::string& name) { return name == "late" || name == "memory"; }

/// Of those of the system, also what cannot be had here.
bool is_known(const std::string& name)
{
    const std::vector<ReactorInfo> all = available_reactors();
    return is_of_the_tests(name)
           || std::any_of(all.begin(), all.end(),
                          [&](const ReactorInfo& info) { return info.name == name; });
}

std::vector<std::string> real_reactors()
{
    std::vector<std::string> names = all_reactors();
    std::erase(names, "memory");
    return names;
}

std::vector<std::string> system_reactors()
{
    std::vector<std::string> names = all_reactors();
    std::erase_if(names, is_of_the_tests);
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
    names.insert(names.end(), {"late", "memory"});
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
    std::vector<std::string> names = all_reactors();
    for (const NotApplicable& exception : exceptions)
        if (std::erase(names, exception.reactor) > 0 || !is_known(exception.reactor))
            contract().not_applicable(exception.reactor, exception.why);
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
