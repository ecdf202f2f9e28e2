// SPDX-License-Identifier: MIT
#include "cogen/file.hpp"

namespace cogen {
namespace {

OpenDescriptor that_does_not_block(OpenDescriptor descriptor)
{
    descriptor.stop_blocking();
    return descriptor;
}

}

File::File(Scheduler& scheduler, Descriptor descriptor)
    : DescriptorStream(that_does_not_block({scheduler, descriptor}), StreamKind::file)
{}

std::pair<File, File> pipe(Scheduler& scheduler)
{
    Descriptor ends[2];
    const int answer = scheduler.reactor().kernel().pipe(ends);
    if (answer < 0)
        throw_error(system_error_code(-answer), "pipe");
    return {File(scheduler, ends[0]), File(scheduler, ends[1])};
}

}
