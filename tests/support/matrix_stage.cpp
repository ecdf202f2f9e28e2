#include "tests/support/matrix_stage.hpp"

#include "tests/support/world.hpp"

#include <array>

#include <unistd.h>

using namespace cogen;

namespace matrix {

Stage::Stage(const Cell& cell)
    : cell_(cell),
      network_(kernel_for(cell.reactor)),
      kernel_(*network_),
      scheduler_(std::in_place, reactor_named(cell.reactor, kernel_))
{}

std::size_t Stage::send(Descriptor descriptor, const std::string& bytes)
{
    const ssize_t count = kernel_.send(descriptor, bytes);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::string Stage::drain(Descriptor descriptor)
{
    std::string all;
    std::array<char, 8 * 1024> buffer;
    for (;;) {
        const ssize_t count = kernel_.recv(descriptor, buffer);
        if (count <= 0)
            return all;
        all.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

Descriptor Stage::connect(const Endpoint& endpoint)
{
    const Descriptor descriptor(kernel_.socket(endpoint.family(), SOCK_STREAM));
    expect(kernel_.connect(descriptor, endpoint.data(), endpoint.size()) == 0,
           "a client could not connect");
    return descriptor;
}

Descriptor Stage::accept(Descriptor listener)
{
    const int number = kernel_.accept(listener);
    return number < 0 ? Descriptor() : Descriptor(number);
}

void Stage::close(Descriptor& descriptor)
{
    if (descriptor.valid())
        kernel_.close(std::exchange(descriptor, Descriptor()));
}

std::string Stage::more_than_fits(Descriptor from, Descriptor to)
{
    kernel_.setsockopt(from, SOL_SOCKET, SO_SNDBUF, 4096);  // as little as the system allows
    const std::string piece(1 << 20, '.');
    while (send(from, piece) > 0) {}
    std::string bytes = drain(to);
    bytes.resize(bytes.size() + bytes.size() / 4);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>('a' + i % 23);
    return bytes;
}

std::vector<int> Stage::free_numbers()
{
    std::vector<int> numbers;
    for (int i = 0; i < 16; ++i)
        numbers.push_back(kernel_.socket(AF_UNIX, SOCK_STREAM));
    for (const int number : numbers)
        kernel_.close(Descriptor(number));
    return numbers;
}

Endpoint Stage::unix_endpoint()
{
    static int last = 0;
    return Endpoint::parse("unix:@cogen-matrix-" + std::to_string(::getpid()) + '-'
                           + std::to_string(++last));
}

}
