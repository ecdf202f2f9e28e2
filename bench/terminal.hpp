// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace bench {

/// How a piece of text should look where the output is a terminal.
enum class Look { plain, strong, good, bad, faint };

/// Dresses text for standard output: unchanged in a pipe, and where NO_COLOR is set.
std::string dressed(std::string_view text, Look look);

/// One line on standard error that tells how far we are, and is gone when this object is. Silent
/// where standard error is no terminal.
class Progress {
public:
    Progress();
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(std::string_view what, unsigned done, unsigned of) const;

private:
    bool visible_;
};

}
