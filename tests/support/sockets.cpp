#include "tests/support/sockets.hpp"

#include <unistd.h>

using namespace cogen;

std::pair<Socket, Socket> connection(Yield& yield)
{
    Listener listener = yield(Listen({"127.0.0.1", 0}));
    const auto client = yield(Spawn([&](Yield& y) { return y(Connect(listener.endpoint())); }));
    Socket accepted = yield(listener.accept());
    return {yield(Join(client)), std::move(accepted)};
}

Endpoint unix_endpoint(const std::string& name)
{
    return Endpoint::unix_path("@cogen-test-" + std::to_string(::getpid()) + '-' + name);
}

void echo(Yield& yield, Socket socket)
{
    std::array<char, 64> buffer;
    while (const std::size_t count = yield(socket.read(buffer)))
        yield(socket.write({buffer.data(), count}));
}

std::string read_up_to(Yield& yield, const Socket& socket, std::size_t size)
{
    std::string all;
    std::array<char, 16 * 1024> buffer;
    while (all.size() < size) {
        const std::size_t count =
            yield(socket.read({buffer.data(), std::min(buffer.size(), size - all.size())}));
        if (count == 0)
            break;
        all.append(buffer.data(), count);
    }
    return all;
}
