// SPDX-License-Identifier: MIT
#include "cogen/spare_descriptor.hpp"

#include <cerrno>

namespace cogen {

int SpareDescriptor::take(Scheduler& scheduler)
{
    if (descriptor_)
        return 0;
    const int number = scheduler.reactor().kernel().socket(AF_UNIX, SOCK_STREAM);
    if (number < 0)
        return number;
    descriptor_ = OpenDescriptor(scheduler, Descriptor(number));
    return 0;
}

int SpareDescriptor::turn_away(Scheduler& scheduler, Descriptor listener)
{
    if (const int error = take(scheduler); error < 0)
        return error;
    descriptor_.close();
    Kernel& kernel = scheduler.reactor().kernel();
    int answer = kernel.accept(listener);
    if (answer >= 0) {
        kernel.close(Descriptor(answer));
        ++turned_away_;
        answer = -ECONNABORTED;
    }
    take(scheduler);
    return answer;
}

}
