// SPDX-License-Identifier: MIT
#include "reactors/fake_kernel.hpp"
#include "reactors/short_message.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace cogen {
namespace {

constexpr std::size_t longest = 65'507;  // that IPv4 carries
constexpr std::size_t most_waiting = 64;

std::string bytes_of(const msghdr& message)
{
    std::string all;
    for (const iovec& part : parts_of(message))
        all.append(static_cast<const char*>(part.iov_base), part.iov_len);
    return all;
}

/// Answers with how many there was room for.
std::size_t fill(const msghdr& message, const std::string& bytes)
{
    std::size_t done = 0;
    for (const iovec& part : parts_of(message)) {
        const std::size_t count = std::min<std::size_t>(part.iov_len, bytes.size() - done);
        std::copy_n(bytes.data() + done, count, static_cast<char*>(part.iov_base));
        done += count;
    }
    return done;
}

}

ssize_t FakeKernel::receive_datagram(File& file, msghdr& message)
{
    if (file.error != 0)
        return -std::exchange(file.error, 0);
    if (file.inbox.empty())
        return -EAGAIN;
    const Message received = std::move(file.inbox.front());
    file.inbox.pop_front();
    const std::size_t count = fill(message, received.bytes);
    const bool tell_full_size = (message.msg_flags & MSG_TRUNC) != 0;
    message.msg_flags = count < received.bytes.size() ? MSG_TRUNC : 0;
    message.msg_controllen = 0;
    if (message.msg_name)
        std::memcpy(message.msg_name, received.sender.data(),
                    std::min<std::size_t>(message.msg_namelen, received.sender.size()));
    message.msg_namelen = static_cast<socklen_t>(received.sender.size());
    return static_cast<ssize_t>(tell_full_size ? received.bytes.size() : count);
}

/// In the network nobody learns whether there is room; a Unix socket waits for it.
ssize_t FakeKernel::send_datagram(File& file, const msghdr& message)
{
    if (file.error != 0)
        return -std::exchange(file.error, 0);
    if (message.msg_controllen > 0)
        return -EOPNOTSUPP;  // it passes no descriptors on
    const bool in_network = file.family != AF_UNIX;
    const std::string bytes = bytes_of(message);
    if (in_network && bytes.size() > longest)
        return -EMSGSIZE;
    const std::string address(static_cast<const char*>(message.msg_name), message.msg_namelen);
    if (address.empty() && std::exchange(file.other_half_closed, false)) {
        file.inbox.clear();  // as Linux does
        return -ECONNREFUSED;
    }
    if (address.empty() && file.peer.empty() && file.other_half.expired())
        return in_network ? -EDESTADDRREQ : -ENOTCONN;
    const auto to = addressee(file, address);
    if (in_network && file.address.empty()) {
        file.address = unused_address(file.family);
        const auto self = std::find_if(files_.begin(), files_.end(),
                                       [&](auto& entry) { return entry.second.get() == &file; });
        bound_[file.address] = self->second;
    }
    if (!to && in_network && address.empty())
        file.error = ECONNREFUSED;  // the answer comes later
    if (!to)
        return in_network ? static_cast<ssize_t>(bytes.size()) : -ECONNREFUSED;
    if (is_full(*to))
        return in_network ? static_cast<ssize_t>(bytes.size()) : -EAGAIN;
    if (to->peer.empty() || to->peer == file.address)
        to->inbox.push_back({bytes, file.address});
    return static_cast<ssize_t>(bytes.size());
}

/// None where nobody is there.
std::shared_ptr<FakeKernel::File> FakeKernel::addressee(File& file, const std::string& address)
{
    if (const auto other = file.other_half.lock(); other && address.empty())
        return other;
    const auto found = bound_.find(address.empty() ? file.peer : address);
    return found == bound_.end() ? nullptr : found->second.lock();
}

int FakeKernel::connect_datagrams(const std::shared_ptr<File>& file, const std::string& address)
{
    const bool in_network = file->family != AF_UNIX;
    if (!in_network && !addressee(*file, address))
        return -ECONNREFUSED;
    file->peer = address;
    if (in_network && file->address.empty()) {
        file->address = unused_address(file->family);
        bound_[file->address] = file;
    }
    return 0;
}

bool FakeKernel::is_full(const File& file) { return file.inbox.size() >= most_waiting; }

short FakeKernel::readiness_for_datagrams(File& file)
{
    int ready = 0;
    if (!file.inbox.empty() || file.error != 0)
        ready |= POLLIN;
    if (file.error != 0)
        ready |= POLLERR;
    const bool connected = !file.peer.empty() || !file.other_half.expired();
    const auto to = file.family == AF_UNIX && connected ? addressee(file, {}) : nullptr;
    if (!to || !is_full(*to))
        ready |= POLLOUT;
    return static_cast<short>(ready);
}

}
