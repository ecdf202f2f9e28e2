#include "tests/differential/program.hpp"

#include <algorithm>
#include <array>

namespace differential {
namespace {

constexpr std::array<std::string_view, 29> names = {
    "read",
    "read_exactly",
    "readv",
    "drain",
    "write",
    "write_some",
    "writev",
    "shutdown",
    "close",
    "wait_readable",
    "wait_writable",
    "connect",
    "accept",
    "close_listener",
    "send_to",
    "receive_from",
    "send_descriptors",
    "receive_descriptors",
    "sleep",
    "pass",
    "signal",
    "wait_for_signal",
    "spawn",
    "call",
    "join",
    "cancel",
    "raise",
    "fail",
    "with_timeout",
};

constexpr std::array<std::string_view, 7> stream_names = {
    "unix_pair", "tcp_pair", "unix_listener", "tcp_listener", "pipe", "unix_datagrams", "udp",
};

template <class Kind, std::size_t size>
std::vector<Kind> all_of(const std::array<std::string_view, size>&)
{
    std::vector<Kind> all;
    for (std::size_t i = 0; i < size; ++i)
        all.push_back(static_cast<Kind>(i));
    return all;
}

bool passes_descriptors(const std::vector<Step>& steps)
{
    return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
        return step.kind == Kind::send_descriptors || passes_descriptors(step.body);
    });
}

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

bool passes_descriptors(const Program& program)
{
    const auto is_one = [](const std::vector<Step>& steps) { return passes_descriptors(steps); };
    return std::any_of(program.coroutines.begin(), program.coroutines.end(), is_one);
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

std::vector<Kind> all_kinds() { return all_of<Kind>(names); }

std::string_view name_of(Stream::Kind kind) { return stream_names[static_cast<std::size_t>(kind)]; }

std::vector<Stream::Kind> all_stream_kinds() { return all_of<Stream::Kind>(stream_names); }

bool has_listener(const Stream& stream)
{
    return stream.kind == Stream::Kind::unix_listener || stream.kind == Stream::Kind::tcp_listener;
}

bool is_for_datagrams(const Stream& stream)
{
    return stream.kind == Stream::Kind::unix_datagrams || stream.kind == Stream::Kind::udp;
}

bool can_be_shut_down(const Stream& stream)
{
    return stream.kind != Stream::Kind::pipe && !is_for_datagrams(stream);
}

bool takes_time(const Stream& stream)
{
    return stream.kind == Stream::Kind::tcp_pair || stream.kind == Stream::Kind::tcp_listener
           || stream.kind == Stream::Kind::udp;
}

}
