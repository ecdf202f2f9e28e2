// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace cogen {

class Kernel;

/// The options of a socket, to be asked and set at once, without waiting:
/// `socket.options().nodelay(false).keepalive(true);`. Each is one getsockopt(2) or setsockopt(2),
/// and throws a system_error that names option and descriptor where the system refuses.
class SocketOptions {
public:
    SocketOptions(Kernel& kernel, Descriptor descriptor) : kernel_(kernel), descriptor_(descriptor)
    {}

    /// Small packets go at once (TCP_NODELAY). Sockets of cogen's own have that from the start.
    bool nodelay() const;
    SocketOptions& nodelay(bool on);

    /// An address in use a moment ago can be had again (SO_REUSEADDR).
    bool reuse_address() const;
    SocketOptions& reuse_address(bool on);

    /// Several listen at the same address, and share what comes (SO_REUSEPORT).
    bool reuse_port() const;
    SocketOptions& reuse_port(bool on);

    /// A silent peer is asked from time to time whether it is there still (SO_KEEPALIVE): for the
    /// first time after so long, then again at intervals, and given up after so many in vain.
    bool keepalive() const;
    SocketOptions& keepalive(bool on);
    SocketOptions& keepalive(std::chrono::seconds after, std::chrono::seconds interval, int times);

    /// How long what has been written may still go out after the socket is closed (SO_LINGER); none
    /// is the system's way, which is in the background and has no end. After 0 s it is thrown away,
    /// and the connection is reset. Longer, closing holds up the thread, and so all coroutines,
    /// until it has gone out or the time is over: on Linux so does a socket that does not block.
    std::optional<std::chrono::seconds> linger() const;
    SocketOptions& linger(std::optional<std::chrono::seconds> time);

    /// How many bytes the system keeps for us until we read (SO_RCVBUF). It may make something else
    /// of the wish: Linux takes twice as much.
    std::size_t receive_buffer() const;
    SocketOptions& receive_buffer(std::size_t bytes);

    /// The same for those that we have written, until the peer has them (SO_SNDBUF).
    std::size_t send_buffer() const;
    SocketOptions& send_buffer(std::size_t bytes);

private:
    int get(int level, int name, const char* word) const;
    SocketOptions& set(int level, int name, const char* word, int value);
    void check(int answer, const char* call, const char* word) const;

    Kernel& kernel_;
    Descriptor descriptor_;
};

}
