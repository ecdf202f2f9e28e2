#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

/// A program that runs beside the test, which types for it, and reads what it prints. It is killed
/// with this object, if it still runs.
class Process {
public:
    /// Starts `arguments[0]`, with these variables ("NAME=value") added to the environment.
    explicit Process(std::vector<std::string> arguments, std::vector<std::string> variables = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Types that. Fails the test where the program does not take it in.
    void type(std::string_view text);

    /// Types no more: it reads the end of its input.
    void end_input();

    /// As kill(2) does.
    void signal(int number);

    /// The next line that it prints, without its end. Fails the test after a while.
    std::string line();

    /// All that it still prints, until it has ended.
    std::string rest();

    /// What it exits with; -1 when a signal ended it.
    int exit_code();

private:
    bool fill(std::chrono::steady_clock::time_point deadline);

    pid_t process_ = -1;
    int input_ = -1;    // where we write, it reads
    int output_ = -1;   // and the other way round
    std::string text_;  // printed, and not yet asked for
};
