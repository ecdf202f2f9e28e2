// SPDX-License-Identifier: MIT
#pragma once

#include "bench/owned_fd.hpp"

#include <array>
#include <cstdint>
#include <span>

#include <sys/epoll.h>

namespace bench {

/// The connections of a load and which of them have something to tell.
class Ready {
public:
    Ready();

    /// Watches `fd` from now on until it is closed; `owner` comes back in the events.
    void watch(int fd, std::uint32_t events, void* owner);

    /// Watches for other events.
    void change(int fd, std::uint32_t events, void* owner);

    /// Waits for events: at least one, but for a signal. Throws where none comes in ten seconds, or
    /// where the user has had enough.
    std::span<const epoll_event> wait();

private:
    void control(int what, int fd, std::uint32_t events, void* owner);

    OwnedFd epoll_;
    std::array<epoll_event, 512> events_;
};

/// The calls as the loads use them: they throw where the other side has closed or the call fails,
/// but for a descriptor that is not ready: that is 0 bytes.
std::size_t receive_some(int fd, std::span<char> buffer);
std::size_t send_some(int fd, std::span<const char> bytes);

}
