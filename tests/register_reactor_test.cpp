// What is registered stays so; so each of these happens in a process of its own.
#include "reactors/reactor_decorator.hpp"
#include "tests/support/child.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

using namespace cogen;

namespace {

/// Poll, under another name.
class Own final : public ReactorDecorator {
public:
    using ReactorDecorator::ReactorDecorator;
    std::string_view name() const override { return "own"; }
};

std::unique_ptr<Reactor> make_own(const ReactorOptions& options, Kernel& kernel)
{
    return std::make_unique<Own>(make_reactor("poll", options, kernel));
}

/// For a child: what is not so is a line on stderr.
void expect(bool so, const char* what)
{
    if (!so)
        std::cerr << what << '\n';
}

/// The words with which `body` fails; empty where it does not.
template <class Error, class Body>
std::string failure_of(Body body)
{
    try {
        body();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

}

TEST_CASE("a reactor of one's own is had by its name, and is listed last", "[reactor]")
{
    const Child child = child_that_runs([] {
        const std::size_t before = available_reactors().size();
        register_reactor("own", make_own);
        expect(Scheduler("own").reactor().name() == "own", "by name");
        expect(Scheduler().reactor().name() == available_reactors().front().name, "no default");
        ::setenv("COGEN_REACTOR", "own", 1);
        expect(Scheduler().reactor().name() == "own", "by COGEN_REACTOR");
        expect(Scheduler("poll").reactor().name() == "poll", "for the default only");
        expect(available_reactors().size() == before + 1, "one more");
        expect(available_reactors().back().name == "own", "the last");
        expect(available_reactors().back().why_not.empty(), "is there");
        const std::string others = failure_of<system_error>([] { make_reactor("carrier pigeon"); });
        expect(others.find(", own)") != std::string::npos, "named among the others");
    });
    CHECK(child.errors.empty());
    CHECK(child.status == 0);
}

TEST_CASE("the factory of one's own reactor is handed the options and the kernel", "[reactor]")
{
    const Child child = child_that_runs([] {
        SystemKernel kernel;
        register_reactor("own", [&](const ReactorOptions& options, Kernel& given) {
            expect(options.batch == 7, "the options");
            expect(&given == &kernel, "the kernel");
            return make_own(options, given);
        });
        expect(&make_reactor("own", {.batch = 7}, kernel)->kernel() == &kernel, "its kernel");
    });
    CHECK(child.errors.empty());
    CHECK(child.status == 0);
}

TEST_CASE("why a reactor of one's own cannot be had is told like any other's", "[reactor]")
{
    const Child child = child_that_runs([] {
        register_reactor("own", [](const ReactorOptions&, Kernel&) -> std::unique_ptr<Reactor> {
            throw_error(system_error_code(ENOSYS), "own: not today");
        });
        expect(available_reactors().back().why_not.find("own: not today") == 0, "in the list");
        expect(failure_of<system_error>([] { Scheduler("own"); }).find("own: not today") == 0,
               "to who asks for it");
    });
    CHECK(child.errors.empty());
    CHECK(child.status == 0);
}

TEST_CASE("a name stands for one reactor", "[reactor]")
{
    const Child child = child_that_runs([] {
        register_reactor("own", make_own);
        for (const char* taken : {"own", "poll"})
            expect(failure_of<std::invalid_argument>([&] { register_reactor(taken, make_own); })
                       == "register_reactor: \"" + std::string(taken) + "\" is one already",
                   taken);
        expect(!failure_of<std::invalid_argument>([] { register_reactor("", make_own); }).empty(),
               "nothing is no name");
    });
    CHECK(child.errors.empty());
    CHECK(child.status == 0);
}
