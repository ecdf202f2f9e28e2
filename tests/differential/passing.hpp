#pragma once

#include "tests/differential/network.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace differential {

/// A descriptor that is passed on.
struct Passed {
    int end = 0;           ///< that it was when it was sent
    Traffic traffic = {};  ///< that of this end
};

/// Which descriptors are on their way, each with one byte of a flow.
class Passing {
public:
    /// It goes with the next byte that is written. Answers with its number.
    std::size_t send(const Flow& carrier, Passed passed)
    {
        sent_.push_back({&carrier, carrier.written(), std::move(passed)});
        return sent_.size() - 1;
    }

    /// It has not gone after all.
    void take_back(std::size_t number) { sent_[number].carrier = nullptr; }

    /// What has come with the bytes from this place on, that have been taken since.
    std::vector<Passed> come(const Flow& carrier, std::uint64_t from) const
    {
        std::vector<Passed> all;
        for (const Sent& sent : sent_)
            if (sent.carrier == &carrier && sent.place >= from && sent.place < carrier.taken())
                all.push_back(sent.passed);
        return all;
    }

private:
    struct Sent {
        const Flow* carrier = nullptr;
        std::uint64_t place = 0;
        Passed passed;
    };

    std::vector<Sent> sent_;
};

}
