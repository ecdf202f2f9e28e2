#pragma once

#include <cstddef>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace differential {

/// How often what occurred, over many plays.
class Coverage {
public:
    /// One more of `name` in a group: "operations", "streams", "ends" or "orders".
    void count(std::string_view group, std::string_view name);

    std::size_t times(std::string_view group, std::string_view name) const;

    /// What should occur, and has not: "ends: closed".
    std::vector<std::string> missing() const;

    /// "operations: read 3120, write 2711, ...", a line for each group.
    void print(std::ostream& out) const;

private:
    std::map<std::string, std::map<std::string, std::size_t, std::less<>>, std::less<>> groups_;
};

// The ends of a step.

inline constexpr std::string_view ended_well = "result";
inline constexpr std::string_view ended_by_error = "error";
inline constexpr std::string_view ended_by_time = "timed out";
inline constexpr std::string_view ended_by_cancel = "cancelled";
inline constexpr std::string_view ended_by_close = "closed";
inline constexpr std::string_view ended_by_raise = "raised";
inline constexpr std::string_view ended_by_stream = "end of stream";
inline constexpr std::string_view ended_by_pipe = "broken pipe";
inline constexpr std::string_view ended_by_other = "simultaneous";

// In which order it and others came.

inline constexpr std::string_view had_at_once = "what it waits for was there before";
inline constexpr std::string_view had_later = "what it waits for came later";
inline constexpr std::string_view ended_before = "was interrupted before it began";
inline constexpr std::string_view ended_while = "was ended early while it waited";
inline constexpr std::string_view success_won = "a success was faster than who asked for its end";
inline constexpr std::string_view block_left = "left a block whose time was over";
inline constexpr std::string_view left_over = "waited until the end of the play";
inline constexpr std::string_view was_stuck = "was stuck when run() returned";
inline constexpr std::string_view woke_none = "a signal woke nobody";
inline constexpr std::string_view woke_many = "a signal woke several";
inline constexpr std::string_view joined_after = "a coroutine was joined after its end";
inline constexpr std::string_view called_ended = "a call was ended early";
inline constexpr std::string_view number_again = "a closed socket gave its place to the next";
inline constexpr std::string_view was_cut = "a datagram was longer than the buffer";
inline constexpr std::string_view was_empty = "a datagram was empty";
inline constexpr std::string_view took_place = "a passed descriptor took the place of an open one";
inline constexpr std::string_view took_none = "a passed descriptor took the place of a closed one";
inline constexpr std::string_view left_to_system = "a plain read left a passed descriptor";

}
