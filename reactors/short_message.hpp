// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <sys/socket.h>
#include <sys/uio.h>

namespace cogen {

/// How many bytes the buffers of a message hold.
inline std::size_t size_of(const msghdr& message)
{
    std::size_t sum = 0;
    for (std::size_t i = 0; i < message.msg_iovlen; ++i)
        sum += message.msg_iov[i].iov_len;
    return sum;
}

/// The list of the first so many bytes in the buffers of a message.
inline std::vector<iovec> first_bytes(const msghdr& message, std::size_t count)
{
    std::vector<iovec> parts;
    for (std::size_t i = 0; i < message.msg_iovlen && count > 0; ++i) {
        parts.push_back(message.msg_iov[i]);
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
