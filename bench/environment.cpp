// SPDX-License-Identifier: MIT
#include "bench/environment.hpp"

#include "bench/table.hpp"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include <boost/version.hpp>
#include <sys/utsname.h>

// The build says with what flags it compiled, if it likes.
#if __has_include("bench/build_flags.hpp")
#include "bench/build_flags.hpp"
#endif

namespace bench {
namespace {

std::string first_line(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string kernel()
{
    utsname name = {};
    uname(&name);
    return std::string(name.sysname) + ' ' + name.release + ' ' + name.machine;
}

std::string processor()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name"))
            if (const auto colon = line.find(": "); colon != std::string::npos)
                return line.substr(colon + 2);
    return "";
}

std::string compiler()
{
#ifdef __clang__
    return "clang " __clang_version__;
#else
    return "g++ " __VERSION__;
#endif
}

std::string boost_version()
{
    return std::to_string(BOOST_VERSION / 100000) + '.' + std::to_string(BOOST_VERSION / 100 % 1000)
           + '.' + std::to_string(BOOST_VERSION % 100);
}

std::string flags()
{
#ifdef COGEN_BUILD_FLAGS
    return COGEN_BUILD_FLAGS;
#else
    std::string words;
#ifdef __OPTIMIZE__
    words += "optimised";
#else
    words += "NOT OPTIMISED: these figures mean nothing";
#endif
#ifndef NDEBUG
    words += ", with assertions";
#endif
#ifdef __SANITIZE_ADDRESS__
    words += ", with AddressSanitizer: these figures mean nothing";
#endif
    return words;
#endif
}

/// The kernel's protections against the processor's weaknesses: they make system calls dear.
std::string mitigations()
{
    const std::filesystem::path folder = "/sys/devices/system/cpu/vulnerabilities";
    std::error_code missing;
    unsigned mitigated = 0, open = 0;
    std::string words;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
        const auto state = first_line(entry.path());
        if (state.starts_with("Vulnerable"))
            ++open;
        if (!state.starts_with("Mitigation: "))
            continue;
        ++mitigated;
        words += (words.empty() ? "" : "; ") + entry.path().filename().string() + ": "
                 + state.substr(12, state.find_first_of(";,") - 12);
    }
    if (mitigated + open == 0)
        return missing ? "" : "none needed";
    return std::to_string(mitigated) + " mitigated, " + std::to_string(open) + " left open"
           + (words.empty() ? "" : " (" + words + ")");
}

std::string date()
{
    const std::time_t now = std::time(nullptr);
    char text[32] = "";
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", std::gmtime(&now));
    return text;
}

}

Environment environment()
{
    Environment all = {
        {"date", date()},
        {"kernel", kernel()},
        {"processor", processor()},
        {"cores", std::to_string(std::thread::hardware_concurrency())},
        {"mitigations", mitigations()},
        {"load average", first_line("/proc/loadavg")},
        {"compiler", compiler()},
        {"flags", flags()},
        {"Boost", boost_version()},
    };
    std::erase_if(all, [](const auto& entry) { return entry.second.empty(); });
    return all;
}

std::string warning(const Environment& environment)
{
    const auto number = [&](std::string_view name) {
        for (const auto& [known, value] : environment)
            if (known == name)
                return std::strtod(value.c_str(), nullptr);
        return 0.0;
    };
    const double load = number("load average"), processors = number("cores");
    if (processors <= 0 || load <= processors / 2)
        return "";
    return "The machine was busy when this began: a load average of " + fixed(load, 2) + " on "
           + fixed(processors, 0) + (processors == 1 ? " processor" : " processors")
           + ". Figures scatter then: believe the counts of system calls first, and small "
             "differences not at all.";
}

}
