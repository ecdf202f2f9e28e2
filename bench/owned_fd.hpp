// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace bench {

/// A file descriptor that is closed with its owner; -1 is none.
class OwnedFd {
public:
    explicit OwnedFd(int fd = -1) : fd_(fd) {}
    OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    OwnedFd& operator=(OwnedFd&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~OwnedFd();

    int get() const { return fd_; }

private:
    int fd_;
};

/// What a child writes to and its parent reads from.
struct Pipe {
    Pipe();

    OwnedFd reader, writer;
};

/// How long anything may take to answer before we give up on it.
inline constexpr std::chrono::seconds patience{10};

/// Reads up to and without the next newline, one byte at a time; throws when it takes longer than
/// we are willing to wait, or the other side closes.
std::string read_line(int fd, std::chrono::milliseconds wait = patience);

void write_all(int fd, std::string_view text);

}
