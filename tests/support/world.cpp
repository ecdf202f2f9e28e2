#include "tests/support/world.hpp"

#include "reactors/fake_kernel.hpp"
#include "reactors/virtual_clock.hpp"
#include "tests/support/contract_table.hpp"
#include "tests/support/late_reactor.hpp"

#include <catch2/catch.hpp>

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

std::vector<std::string> system_reactors()
{
    std::vector<std::string> names;
    for (const ReactorInfo& info : available_reactors())
        if (info.why_not.empty())
            names.emplace_back(info.name);
    return names;
}

std::vector<std::string> real_reactors()
{
    std::vector<std::string> names = system_reactors();
    names.emplace_back("late");
    return names;
}

std::string noted(std::string reactor)
{
    contract().on(reactor);
    return reactor;
}

}

std::vector<std::string> all_reactors()
{
    std::vector<std::string> names = real_reactors();
    names.emplace_back("memory");
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
    for (const NotApplicable& exception : exceptions) {
        contract().not_applicable(exception.reactor, exception.why);
        std::erase(names, exception.reactor);
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
