#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <sys/types.h>

/// A program that runs beside the test, which reads what it prints. It is killed with this object,
/// if it still runs.
class Process {
public:
    /// Starts `arguments[0]`, with these variables ("NAME=value") added to the environment.
    explicit Process(std::vector<std::string> arguments, std::vector<std::string> variables = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// The next line that it prints, without its end. Fails the test after a while.
    std::string line();

    /// All that it still prints, until it has ended.
    std::string rest();

    /// What it exits with; -1 when a signal ended it.
    int exit_code();

private:
    bool fill(std::chrono::steady_clock::time_point deadline);

    pid_t process_ = -1;
    int output_ = -1;
    std::string text_;  // printed, and not yet asked for
};
