// SPDX-License-Identifier: MIT
#include "bench/servers/floor.hpp"

#if __has_include(<sys/epoll.h>)

#include "bench/servers/http.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include <sys/epoll.h>

namespace bench {
namespace {

/// What is kept of each connection, made when its descriptor is first seen and used again when the
/// number is.
template <class T>
class PerConnection {
public:
    T& operator[](int fd)
    {
        const auto place = static_cast<std::size_t>(fd);
        if (place >= all_.size())
            all_.resize(place + 1);
        if (!all_[place])
            all_[place] = std::make_unique<T>();
        return *all_[place];
    }

private:
    std::vector<std::unique_ptr<T>> all_;
};

/// One buffer for all connections.
class FloorEcho : public Floor {
protected:
    void attend(int fd) override
    {
        // A peer that does not read loses bytes here. The load has one short message under way on
        // each connection, so the socket's buffer never fills.
        if (!echo(fd))
            finish(fd);
    }

    bool echo(int fd)
    {
        const auto count = receive(fd, buffer_);
        if (count > 0)
            send(fd, {buffer_.data(), static_cast<std::size_t>(count)});
        return count > 0;
    }

private:
    std::array<char, 4096> buffer_;
};

class FloorExchange final : public FloorEcho {
    void attend(int fd) override
    {
        echo(fd);
        finish(fd);
    }
};

/// Stays with a connection while it need not wait there, but not for ever; reads no further while
/// there are bytes that it could not yet send back.
class FloorStream final : public Floor {
    struct Connection {
        std::array<char, stream_buffer> buffer;
        std::string_view unsent;
        bool drained = false;  // the last read has found no more
        bool waits_for_room = false;
    };

    void attend(int fd) override
    {
        Connection& connection = connections_[fd];
        for (int times = 0; times < 16; ++times)
            if ((connection.unsent.empty() && !read(fd, connection)) || !write(fd, connection)
                || connection.drained)
                return;
    }

    bool read(int fd, Connection& connection)
    {
        const auto count = receive(fd, connection.buffer);
        if (count == 0 || (count < 0 && errno != EAGAIN))
            end(fd, connection);
        if (count <= 0)
            return false;
        connection.unsent = {connection.buffer.data(), static_cast<std::size_t>(count)};
        connection.drained = connection.unsent.size() < stream_buffer;
        return true;
    }

    bool write(int fd, Connection& connection)
    {
        const auto sent = send(fd, connection.unsent);
        if (sent < 0 && errno != EAGAIN) {
            end(fd, connection);
            return false;
        }
        connection.unsent.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
        const bool full = !connection.unsent.empty();
        if (full != connection.waits_for_room)
            wait_for(fd, full ? EPOLLOUT : EPOLLIN);
        connection.waits_for_room = full;
        return !full;
    }

    void end(int fd, Connection& connection)
    {
        connection = {};
        finish(fd);
    }

    PerConnection<Connection> connections_;
};

class FloorHttp final : public Floor {
    void attend(int fd) override
    {
        HttpReader& reader = readers_[fd];
        const auto count = receive(fd, reader.room());
        bool open = count > 0;
        if (open)
            reader.add(static_cast<std::size_t>(count));
        while (const auto request = open ? reader.next() : std::nullopt) {
            send(fd, response_to(*request));
            open = request->keep_alive;
        }
        if (!open) {
            reader = HttpReader();
            finish(fd);
        }
    }

    PerConnection<HttpReader> readers_;
};

}

std::unique_ptr<Floor> make_floor(Service service)
{
    switch (service) {
    case Service::stream:
        return std::make_unique<FloorStream>();
    case Service::exchange:
        return std::make_unique<FloorExchange>();
    case Service::http:
        return std::make_unique<FloorHttp>();
    case Service::echo:
        break;
    }
    return std::make_unique<FloorEcho>();
}

}

#endif
