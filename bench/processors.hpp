// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace bench {

/// Where the server and the load run. Empty where there is one processor only, or no way to choose.
struct Processors {
    std::optional<int> server;
    std::optional<int> load;

    /// In words, for the head of a report.
    std::string description() const;
};

/// Picks two of the processors this process may use when it is first called, as far apart as their
/// numbers; stay_on() does not change the choice.
Processors choose_processors();

/// Keeps this process on one processor from now on; without one, it stays where it likes.
void stay_on(std::optional<int> processor);

}
