#include "tests/differential/datagram_flow.hpp"

#include <algorithm>

namespace differential {

bool DatagramFlow::received(std::span<const std::byte> bytes, const Arrival& arrival)
{
    const std::size_t count = received_++;
    if (bytes.empty() && !keeps_all_)
        return true;  // it may be any
    const auto number = [&] { return std::to_integer<std::size_t>(bytes[0]) - number_ * 37; };
    const std::size_t which = keeps_all_ ? count : number() % 256;
    known_.push_back({which, arrival});
    const auto right = bytes_of(which, bytes.size());
    return seen_.insert(which).second && std::equal(bytes.begin(), bytes.end(), right.begin());
}

std::string DatagramFlow::fault() const
{
    if (received_ > sent_.size())
        return std::to_string(sent_.size()) + " datagrams sent, " + std::to_string(received_)
               + " received";
    for (const auto& [which, arrival] : known_)
        if (std::string fault = fault_of(which, arrival); !fault.empty())
            return "datagram " + std::to_string(which) + ' ' + fault;
    return {};
}

/// Not every system says how long one was that is cut.
std::string DatagramFlow::fault_of(std::size_t which, const Arrival& arrival) const
{
    if (which >= sent_.size())
        return "was never sent";
    const std::size_t size = sent_[which];
    if (arrival.size != std::min(size, arrival.room)
        || (arrival.full_size != size && arrival.full_size != arrival.size))
        return "of " + std::to_string(size) + " bytes came as " + std::to_string(arrival.size)
               + " of " + std::to_string(arrival.full_size);
    if (arrival.truncated != (size > arrival.room))
        return arrival.truncated ? "was not cut, and says so" : "was cut, and does not say so";
    return {};
}

/// No two of a program that follow each other are alike in their first byte.
std::vector<std::byte> DatagramFlow::bytes_of(std::size_t which, std::size_t size) const
{
    std::vector<std::byte> bytes(size);
    for (std::size_t place = 0; place < size; ++place)
        bytes[place] = static_cast<std::byte>(which + place * 3 + number_ * 37);
    return bytes;
}

}
