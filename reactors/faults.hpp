// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace cogen {

/// What a system may do to a program at any time, and does when nobody looks: by chance, and always
/// the same for one seed. FaultyKernel, FaultyReactor and a faulty ring ask it.
class Faults {
public:
    /// What can happen.
    enum class Kind : unsigned char {
        short_transfer,  ///< fewer bytes go than could, in reads and writes on streams
        not_ready,       ///< EAGAIN, though the call would have done
        aborted,         ///< ECONNABORTED from accept: who came has gone again
        interrupted,     ///< a wait ends before its time, as by a signal, and nothing has happened
        spurious,        ///< a descriptor is said to be ready, and is not
        delayed,         ///< the end of an operation is told some turns later
        reordered,       ///< those that end in one turn are told in another order
        cancelled,       ///< a ring gives up what it was told to do, and nobody has asked for that
        false_hint,      ///< a ring says that there is more to read, or that there is not
        reset,           ///< ECONNRESET, instead of the bytes
    };
    static constexpr std::size_t kinds = 10;

    /// All but resets happen, each now and then: they change how long things take, and nothing that
    /// comes of them. After a reset bytes are missing, so who wants it says so.
    explicit Faults(unsigned seed) : random_(seed)
    {
        chances_.fill(20);
        chance(Kind::reset, 0);
    }

    /// So many times of a hundred it happens from now on. Answers with itself.
    Faults& chance(Kind kind, int percent)
    {
        chances_[index(kind)] = percent;
        return *this;
    }

    /// Whether it is to happen now, where it could. Counts it, then.
    bool happens(Kind kind)
    {
        if (below(100) >= static_cast<std::size_t>(chances_[index(kind)]))
            return false;
        ++counts_[index(kind)];
        return true;
    }

    /// How often it has happened.
    std::uint64_t count(Kind kind) const { return counts_[index(kind)]; }

    /// One of 0, 1 ... limit - 1.
    std::size_t below(std::size_t limit) { return random_() % limit; }

    /// Brings them into an order of chance.
    template <class T>
    void shuffle(std::vector<T>& all)
    {
        for (std::size_t i = all.size(); i > 1; --i)
            std::swap(all[i - 1], all[below(i)]);
    }

private:
    static std::size_t index(Kind kind) { return static_cast<std::size_t>(kind); }

    std::mt19937 random_;
    std::array<int, kinds> chances_{};
    std::array<std::uint64_t, kinds> counts_{};
};

}
