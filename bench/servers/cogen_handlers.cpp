// SPDX-License-Identifier: MIT
#include "bench/servers/cogen_handlers.hpp"

#include "bench/servers/http.hpp"

#include <array>
#include <vector>

namespace bench {
namespace {

using namespace cogen;

/// The handler of cogen's README.
void echo(Yield& yield, Socket sock)
{
    std::array<char, 4096> buffer;
    while (auto n = yield(sock.read(buffer)))
        yield(sock.write({buffer.data(), n}));
}

void stream(Yield& yield, Socket sock)
{
    std::vector<char> buffer(stream_buffer);  // too large for the stack
    while (auto n = yield(sock.read(buffer)))
        yield(sock.write({buffer.data(), n}));
}

void exchange(Yield& yield, Socket sock)
{
    std::array<char, 4096> buffer;
    if (auto n = yield(sock.read(buffer)))
        yield(sock.write({buffer.data(), n}));
}

void answer_http(Yield& yield, Socket sock)
{
    HttpReader reader;
    while (auto n = yield(sock.read(reader.room()))) {
        reader.add(n);
        while (const auto request = reader.next()) {
            yield(sock.write(response_to(*request)));
            if (!request->keep_alive)
                return;
        }
    }
}

}

Handler cogen_handler(Service service)
{
    switch (service) {
    case Service::stream:
        return stream;
    case Service::exchange:
        return exchange;
    case Service::http:
        return answer_http;
    case Service::echo:
        break;
    }
    return echo;
}

}
