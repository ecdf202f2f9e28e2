#include "tests/support/examples.hpp"

#include "reactors/reactor.hpp"
#include "tests/support/faulty.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>

#include <unistd.h>

std::string example(const std::string& name)
{
    const char* const folder = std::getenv("COGEN_EXAMPLES");
    return (folder ? folder : "build/examples") + ('/' + name);
}

const std::vector<std::string>& reactor_variables()
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> variables;
        if (std::getenv("COGEN_EXAMPLES_FAULTY")) {
            for (const std::string& name : faulty_reactors())
                variables.push_back("COGEN_REACTOR=" + name);
            return variables;
        }
        for (const cogen::ReactorInfo& info : cogen::available_reactors())
            if (info.why_not.empty())
                variables.push_back("COGEN_REACTOR=" + std::string(info.name));
#ifdef BOOST_USE_ASAN  // which takes its time: one of each kind
        std::erase_if(variables, [](const std::string& variable) {
            return variable != "COGEN_REACTOR=epoll" && variable != "COGEN_REACTOR=io_uring";
        });
#endif
        return variables;
    }();
    return all;
}

std::string reactor_variable()
{
    std::string variable = GENERATE(from_range(reactor_variables()));
    UNSCOPED_INFO(variable);
    return variable;
}

std::string address_of(Process& server)
{
    const std::string listening = server.line();
    const std::string prefix = "listening at ";
    REQUIRE(listening.starts_with(prefix));
    return listening.substr(prefix.size());
}

std::string installed(const std::string& name)
{
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (const std::string file = folder + '/' + name; ::access(file.c_str(), X_OK) == 0)
            return file;
    return {};
}
