// SPDX-License-Identifier: MIT
#include "bench/terminal.hpp"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

namespace bench {
namespace {

bool coloured()
{
    static const bool answer = [] {
        const char* no_colour = std::getenv("NO_COLOR");
        return isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
    }();
    return answer;
}

std::string_view code_of(Look look)
{
    switch (look) {
    case Look::strong:
        return "\x1b[1m";
    case Look::good:
        return "\x1b[32m";
    case Look::bad:
        return "\x1b[31m";
    case Look::faint:
        return "\x1b[2m";
    case Look::plain:
        break;
    }
    return "";
}

}

std::string dressed(std::string_view text, Look look)
{
    if (look == Look::plain || !coloured())
        return std::string(text);
    return std::string(code_of(look)).append(text).append("\x1b[0m");
}

Progress::Progress() : visible_(isatty(STDERR_FILENO)) {}

Progress::~Progress()
{
    if (visible_)
        std::fputs("\r\x1b[K", stderr);
}

void Progress::show(std::string_view what, unsigned done, unsigned of) const
{
    if (visible_)
        std::fprintf(stderr, "\r\x1b[K%.*s: %u of %u", static_cast<int>(what.size()), what.data(),
                     done, of);
}

}
