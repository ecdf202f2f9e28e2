// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bench {

/// Counts durations in nanoseconds, each to within one per cent, from 1 ns to 18 minutes.
///
/// The layout is HdrHistogram's: every power of two is cut into 128 equal buckets, so that
/// recording is a shift and an addition, nothing is allocated, and the far tail is as exact as the
/// middle.
class Histogram {
public:
    void record(std::uint64_t nanoseconds);
    void merge(const Histogram& other);

    std::uint64_t count() const { return count_; }

    /// The duration that the given share of the recorded ones (0 to 1) did not exceed; 0 where
    /// nothing was recorded.
    std::uint64_t at(double share) const;

    /// Whether enough were recorded for at(share) to say something: one at least lies beyond it.
    bool tells(double share) const { return static_cast<double>(count_) * (1 - share) >= 1; }

private:
    static constexpr unsigned bits = 7;
    static constexpr std::uint64_t longest = (std::uint64_t{1} << 40) - 1;
    static constexpr std::size_t buckets = std::size_t{40 - bits + 1} << bits;

    static std::size_t bucket_of(std::uint64_t value);
    static std::uint64_t upper_end(std::size_t bucket);

    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t count_ = 0;
};

}
