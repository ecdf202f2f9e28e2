// SPDX-License-Identifier: MIT
#include "cogen/report.hpp"

#include <ostream>

namespace cogen {

std::ostream& operator<<(std::ostream& out, const Report& report)
{
    out << report.finished << " finished, " << report.failed << " failed, " << report.stuck.size()
        << " stuck\n";
    for (const Report::Stuck& stuck : report.stuck)
        out << "  " << stuck.coroutine << ", spawned at " << stuck.spawned_at
            << ", waits since turn " << stuck.since << " for " << stuck.operation << ", yielded at "
            << stuck.yielded_at << '\n';
    return out;
}

}
