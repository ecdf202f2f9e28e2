#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace differential {

/// The datagrams that go one way. Each is known by its first byte, so that one that is lost,
/// doubled or another's shows wherever it is received, unless it is empty.
class DatagramFlow {
public:
    /// What is said of one that has been received.
    struct Arrival {
        std::size_t room = 0;  ///< in the buffer
        std::size_t size = 0;  ///< of what is in it
        std::size_t full_size = 0;
        bool truncated = false;
    };

    /// `keeps_all`: none is lost, and they come in their order.
    DatagramFlow(unsigned number, bool keeps_all) : number_(number), keeps_all_(keeps_all) {}

    /// What is to be sent next.
    std::vector<std::byte> next(std::size_t size) const { return bytes_of(sent_.size(), size); }

    void sent(std::size_t size) { sent_.push_back(size); }

    /// Whether these are the bytes of one that may come now.
    bool received(std::span<const std::byte> bytes, const Arrival& arrival);

    /// What is wrong with all that was said, now that the play is over; empty: nothing.
    std::string fault() const;

private:
    std::vector<std::byte> bytes_of(std::size_t which, std::size_t size) const;
    std::string fault_of(std::size_t which, const Arrival& arrival) const;

    struct Known {
        std::size_t which = 0;  // of those that were sent
        Arrival arrival;
    };

    unsigned number_;
    bool keeps_all_;
    std::vector<std::size_t> sent_;  // how long each was
    std::size_t received_ = 0;
    std::vector<Known> known_;  // of those
    std::set<std::size_t> seen_;
};

}
