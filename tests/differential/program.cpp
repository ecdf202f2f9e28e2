#include "tests/differential/program.hpp"

#include <array>

namespace differential {
namespace {

constexpr std::array<std::string_view, 25> names = {
    "read",          "read_exactly", "readv",           "drain",          "write",
    "write_some",    "writev",       "shutdown",        "close",          "wait_readable",
    "wait_writable", "connect",      "accept",          "close_listener", "sleep",
    "pass",          "signal",       "wait_for_signal", "spawn",          "call",
    "join",          "cancel",       "raise",           "fail",           "with_timeout",
};

void mark_started(const std::vector<Step>& steps, std::vector<bool>& started)
{
    for (const Step& step : steps) {
        if (step.kind == Kind::spawn || step.kind == Kind::call)
            started[static_cast<std::size_t>(step.target)] = true;
        mark_started(step.body, started);
    }
}

}

std::vector<std::size_t> first_ones(const Program& program)
{
    std::vector<bool> started(program.coroutines.size());
    for (const auto& steps : program.coroutines)
        mark_started(steps, started);
    std::vector<std::size_t> first;
    for (std::size_t i = 0; i < started.size(); ++i)
        if (!started[i])
            first.push_back(i);
    return first;
}

std::string_view name_of(Kind kind) { return names[static_cast<std::size_t>(kind)]; }

Target target_of(Kind kind)
{
    switch (kind) {
    case Kind::sleep:
    case Kind::pass:
    case Kind::fail:
    case Kind::with_timeout:
        return Target::none;
    case Kind::signal:
    case Kind::wait_for_signal:
        return Target::topic;
    case Kind::spawn:
    case Kind::call:
    case Kind::join:
    case Kind::cancel:
    case Kind::raise:
        return Target::coroutine;
    case Kind::connect:
    case Kind::accept:
    case Kind::close_listener:
        return Target::stream;
    default:
        return Target::end;
    }
}

std::vector<Kind> all_kinds()
{
    std::vector<Kind> all;
    for (std::size_t i = 0; i < names.size(); ++i)
        all.push_back(static_cast<Kind>(i));
    return all;
}

}
