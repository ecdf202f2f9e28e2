#include "tests/support/descriptors.hpp"

#include "reactors/kernel.hpp"

#include <fcntl.h>
#include <unistd.h>

using namespace cogen;

std::vector<int> open_numbers()
{
    std::vector<int> all;
    for (int number = 0; number < 1000; ++number)
        if (::fcntl(number, F_GETFD) >= 0)
            all.push_back(number);
    return all;
}

int open_pipe(int (&ends)[2])
{
    const int answer = ::pipe(ends);
    for (const int end : ends)
        if (answer == 0) {
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
            ::fcntl(end, F_SETFL, O_NONBLOCK);
        }
    return answer;
}

bool is_set(Descriptor descriptor, int level, int name)
{
    int value = 0;
    return system_kernel().getsockopt(descriptor, level, name, value) == 0 && value != 0;
}

bool blocks(Descriptor descriptor)
{
    return (::fcntl(descriptor.number(), F_GETFL) & O_NONBLOCK) == 0;
}
