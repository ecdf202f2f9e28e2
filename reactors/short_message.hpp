// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <sys/socket.h>
#include <sys/uio.h>

namespace cogen {

/// The buffers of a message. (Systems differ in the type of their count.)
inline std::span<iovec> parts_of(const msghdr& message)
{
    return {message.msg_iov, static_cast<std::size_t>(message.msg_iovlen)};
}

/// How many bytes the buffers of a message hold.
inline std::size_t size_of(const msghdr& message)
{
    std::size_t sum = 0;
    for (const iovec& part : parts_of(message))
        sum += part.iov_len;
    return sum;
}

/// The list of the first so many bytes in the buffers of a message.
inline std::vector<iovec> first_bytes(const msghdr& message, std::size_t count)
{
    std::vector<iovec> parts;
    for (const iovec& part : parts_of(message)) {
        if (count == 0)
            break;
        parts.push_back(part);
        parts.back().iov_len = std::min(parts.back().iov_len, count);
        count -= parts.back().iov_len;
    }
    return parts;
}

/// Has a message be of these buffers.
inline void set_parts(msghdr& message, std::vector<iovec>& parts)
{
    message.msg_iov = parts.data();
    message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(parts.size());
}

}
