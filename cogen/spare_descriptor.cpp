// SPDX-License-Identifier: MIT
#include "cogen/spare_descriptor.hpp"

#include <cerrno>

namespace cogen {

void SpareDescriptor::take(Scheduler& scheduler)
{
    if (descriptor_)
        return;
    const int number = scheduler.reactor().kernel().socket(AF_UNIX, SOCK_STREAM);
    if (number >= 0)
        descriptor_ = OpenDescriptor(scheduler, Descriptor(number));
}

int SpareDescriptor::turn_away(Scheduler& scheduler, Descriptor listener)
{
    take(scheduler);
    if (!descriptor_)
        return -EMFILE;
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
