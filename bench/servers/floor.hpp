// SPDX-License-Identifier: MIT
//
// The floor: the plainest epoll server. One loop, level-triggered, every descriptor registered once
// and for all, one new connection a wait, no read but of what has been reported. No coroutines, no
// timers, no errors but the end of a connection: what the others spend beyond this is their price.
// Where connections come in crowds, who takes several at once, or attempts a read at once, makes
// fewer calls; the same would cost a lone connection more.
#pragma once

#include "bench/servers/counters.hpp"
#include "bench/servers/servers.hpp"

#include <memory>
#include <span>
#include <string_view>

#include <sys/types.h>

namespace bench {

/// The loop, without what is done for a connection.
class Floor {
public:
    Floor();
    virtual ~Floor() = default;

    Ports ports() const { return {port_of(listener_.get()), port_of(control_listener_.get())}; }

    [[noreturn]] void serve();

protected:
    /// A connection has something to read, or room to write where that was asked for.
    virtual void attend(int fd) = 0;

    // The calls it may make, which answer as the system does, and are counted.

    ssize_t receive(int fd, std::span<char> buffer);
    ssize_t send(int fd, std::string_view bytes);
    void finish(int fd);
    void wait_for(int fd, std::uint32_t events);

private:
    void dispatch(int fd);
    int accept_from(int listener);
    void watch(int fd);
    void answer_control(int fd);

    OwnedFd listener_ = listen_on_loopback();
    OwnedFd control_listener_ = listen_on_loopback();
    OwnedFd epoll_;
    int control_ = -1;
    std::uint64_t waits_ = 0, controls_ = 0, accepts_ = 0, recvs_ = 0, sends_ = 0, closes_ = 0;
};

/// The loop with that.
std::unique_ptr<Floor> make_floor(Service service);

}
