// SPDX-License-Identifier: MIT
#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bench {

void Histogram::record(std::uint64_t nanoseconds)
{
    ++counts_[bucket_of(std::min(nanoseconds, longest))];
    ++count_;
}

void Histogram::merge(const Histogram& other)
{
    for (std::size_t bucket = 0; bucket < buckets; ++bucket)
        counts_[bucket] += other.counts_[bucket];
    count_ += other.count_;
}

std::uint64_t Histogram::at(double share) const
{
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        seen += counts_[bucket];
        if (seen > 0 && seen >= wanted)
            return upper_end(bucket);
    }
    return 0;
}

std::size_t Histogram::bucket_of(std::uint64_t value)
{
    // The first two powers of two below 256 are exact; above, all but the leading eight bits go.
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > bits + 1 ? width - (bits + 1) : 0;
    return (std::size_t{shift} << bits) + (value >> shift);
}

std::uint64_t Histogram::upper_end(std::size_t bucket)
{
    if (bucket < std::size_t{2} << bits)
        return bucket;
    const std::size_t shift = (bucket >> bits) - 1;
    const std::uint64_t leading = bucket - (shift << bits);
    return ((leading + 1) << shift) - 1;
}

}
