#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace differential {

/// The bytes that go one way through a stream. Each is known by its place, so that one that is
/// lost, doubled or another's shows wherever it is read.
class Flow {
public:
    explicit Flow(unsigned number) : number_(number) {}

    /// What is to be written next.
    std::vector<std::byte> next(std::size_t count) const
    {
        std::vector<std::byte> bytes(count);
        std::uint64_t place = written_;
        for (std::byte& byte : bytes)
            byte = at(place++);
        return bytes;
    }

    void wrote(std::size_t count) { written_ += count; }

    std::uint64_t written() const { return written_; }
    std::uint64_t taken() const { return taken_; }

    /// Whether these are the ones that come next.
    bool took(std::span<const std::byte> bytes)
    {
        return std::all_of(bytes.begin(), bytes.end(),
                           [&](std::byte byte) { return byte == at(taken_++); });
    }

    /// A reader has come to the end.
    void ended() { ended_ = true; }

    /// What is still on its way is dropped, by its reader's own wish.
    void cut() { cut_ = true; }

    /// What is wrong with their numbers, now that the play is over; empty: nothing.
    std::string fault() const
    {
        const std::string numbers =
            std::to_string(written_) + " bytes written, " + std::to_string(taken_) + " read";
        if (taken_ > written_)
            return "more came out than went in: " + numbers;
        if (ended_ && !cut_ && taken_ < written_)
            return "the end came too early: " + numbers;
        return {};
    }

private:
    /// Period 251 * 241: no shift by a power of two goes unseen.
    std::byte at(std::uint64_t place) const
    {
        return static_cast<std::byte>(place % 251 + place / 251 % 241 + number_ * 37);
    }

    unsigned number_;
    std::uint64_t written_ = 0;
    std::uint64_t taken_ = 0;
    bool ended_ = false;
    bool cut_ = false;
};

}
