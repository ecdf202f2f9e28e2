// The contract as a program of its own: what every reactor must do, played on those asked for. With
// --load it plays on a user's, too.
#include "tests/support/contract_table.hpp"
#include "tests/support/interruptions.hpp"
#include "tests/support/world.hpp"

#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>
#include <optional>
#include <stdexcept>

#include <dlfcn.h>

namespace {

/// Has the library register its reactors, which it does when it is loaded.
void load(const std::string& library)
{
    if (!::dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL))
        throw std::runtime_error(::dlerror());
}

void add_options(Catch::Session& session, std::vector<std::string>& libraries,
                 std::vector<std::string>& reactors, bool& interrupted)
{
    using Catch::clara::Opt;
    session.cli(
        session.cli()
        | Opt(libraries, "library")["--load"]("loads a library that registers reactors; its path")
        | Opt(reactors, "name")["--reactor"]("plays on this one; none named: on all there are")
        | Opt(interrupted)["--interruptions"]("a signal arrives each millisecond meanwhile"));
}

}

int main(int argc, char** argv)
{
    Catch::Session session;
    std::vector<std::string> libraries, reactors;
    bool interrupted = false;
    add_options(session, libraries, reactors, interrupted);
    if (const int error = session.applyCommandLine(argc, argv))
        return error;
    try {
        for (const std::string& library : libraries)
            load(library);
        play_only_on(reactors);
    } catch (const std::exception& error) {
        std::cerr << "cogen-contract: " << error.what() << '\n';
        return 2;
    }
    ::setenv("COGEN_MATRIX", "1", 0);
    std::optional<Interruptions> interruptions;
    if (interrupted)
        interruptions.emplace();
    const int failed = session.run();
    if (interrupted)
        std::cout << "interruptions: " << interruptions->count() << '\n';
    return failed == 0 && !contract().holes().empty() ? 1 : failed;
}
