#pragma once

#include <initializer_list>
#include <random>

namespace differential {

/// Chance: always the same for one seed.
class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}

    /// One of 0, 1 ... limit - 1.
    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

    /// Both may come.
    int between(int least, int most) { return least + below(most - least + 1); }

    bool percent(int chance) { return below(100) < chance; }

    template <class T>
    T one_of(std::initializer_list<T> choice)
    {
        return choice.begin()[below(static_cast<int>(choice.size()))];
    }

private:
    std::mt19937 random_;
};

}
