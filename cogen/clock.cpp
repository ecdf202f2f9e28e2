// SPDX-License-Identifier: MIT
#include "cogen/clock.hpp"

#include <cstdio>

namespace cogen {

std::string to_string(Duration duration)
{
    struct Unit {
        Duration size;
        const char* name;
    };
    constexpr Unit units[] = {{1s, "s"}, {1ms, "ms"}, {1us, "us"}, {1ns, "ns"}};

    const double count = static_cast<double>(duration.count());
    const Duration magnitude =
        duration < Duration::zero() && duration != Duration::min() ? -duration : duration;
    const Unit* unit = units;
    while (magnitude < unit->size && unit->size > 1ns)
        ++unit;

    char text[40];
    std::snprintf(text, sizeof text, "%.6g%s", count / static_cast<double>(unit->size.count()),
                  unit->name);
    return text;
}

}
