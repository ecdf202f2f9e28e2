// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace cogen {

/// A place in the source: where something was spawned or yielded. As a default argument,
/// `Site site = Site::here()` is the place of the call.
// What std::source_location is, which clang does not have before its version 16.
class Site {
public:
    constexpr Site() = default;

    /// The place of the call, or, in a default argument, that of the call of the function.
    static constexpr Site here(const char* file = __builtin_FILE(),
                               unsigned line = __builtin_LINE())
    {
        return Site(file, line);
    }

    constexpr const char* file() const { return file_; }
    constexpr unsigned line() const { return line_; }

private:
    constexpr Site(const char* file, unsigned line) : file_(file), line_(line) {}

    const char* file_ = "";
    unsigned line_ = 0;
};

/// "client.cpp:12"
inline std::string to_string(Site site)
{
    return std::string(site.file()) + ':' + std::to_string(site.line());
}

}
