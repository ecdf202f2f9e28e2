// SPDX-License-Identifier: MIT
#include "cogen/receive_descriptors.hpp"

#include <cstring>

#include <fcntl.h>

namespace cogen {
namespace {

#ifdef MSG_CMSG_CLOEXEC
constexpr int close_on_exec = MSG_CMSG_CLOEXEC;
#else
constexpr int close_on_exec = 0;
#endif

}

bool ReceiveDescriptors::advance(ssize_t answer) noexcept
{
    if (answer < 0)
        return failed(answer);
    received_ = {.size = static_cast<std::size_t>(answer),
                 .truncated = (message_.msg_flags & MSG_TRUNC) != 0,
                 .descriptors_truncated = (message_.msg_flags & MSG_CTRUNC) != 0};
    for (cmsghdr* header = CMSG_FIRSTHDR(&message_); header;
         header = CMSG_NXTHDR(&message_, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(header) + i * sizeof number, sizeof number);
            take(Descriptor(number));
        }
    }
    return true;
}

void ReceiveDescriptors::take(Descriptor descriptor)
{
    Kernel& kernel = scheduler().reactor().kernel();
    if (received_.count == descriptors_.size()) {
        kernel.close(descriptor);
        received_.descriptors_truncated = true;
        return;
    }
    if (close_on_exec == 0)
        kernel.fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    descriptors_[received_.count++] = OpenDescriptor(scheduler(), descriptor);
}

/// With room for all that can come, however few are wanted: not every system closes those for which
/// there is none.
msghdr& ReceiveDescriptors::message()
{
    part_ = {buffer_.data(), buffer_.size()};
    message_ = {};
    message_.msg_iov = &part_;
    message_.msg_iovlen = 1;
    message_.msg_control = control_.data();
    message_.msg_controllen = static_cast<decltype(message_.msg_controllen)>(control_.size());
    message_.msg_flags = close_on_exec;
    return message_;
}

}
