#include "tests/kqueue_model/source.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace kqueue_model {
namespace {

bool is_socket(int number)
{
    struct stat status;
    return ::fstat(number, &status) == 0 && S_ISSOCK(status.st_mode);
}

int option(int number, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    ::getsockopt(number, level, name, &value, &size);
    return value;
}

/// How many bytes there are to read.
int readable_bytes(int number)
{
    int count = 0;
    ::ioctl(number, FIONREAD, &count);
    return count;
}

/// How many connections are to be accepted.
int queued_connections(int number)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    const bool known = ::getsockopt(number, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    return known ? static_cast<int>(info.tcpi_unacked) : 1;
}

/// For how many bytes there is room.
int room(int number)
{
    if (!is_socket(number))
        return ::fcntl(number, F_GETPIPE_SZ) - readable_bytes(number);
    int queued = 0;
    ::ioctl(number, SIOCOUTQ, &queued);
    const int left = option(number, SOL_SOCKET, SO_SNDBUF) - queued;
    return left > 0 ? left : 1;
}

/// EVFILT_READ and EVFILT_WRITE: an epoll set tells when to look, and poll how things stand. The
/// error of a socket is not told along with EV_EOF (fflags): Linux tells it once, and whoever
/// attempts next is to hear of it.
class DescriptorSource final : public Source {
public:
    DescriptorSource(int number, bool reads, int set) : number_(number), reads_(reads), set_(set) {}
    ~DescriptorSource() override { ::epoll_ctl(set_, EPOLL_CTL_DEL, number_, nullptr); }

    /// Answers as errno does.
    int join()
    {
        epoll_event event{};
        event.events = EPOLLET | (reads_ ? EPOLLIN | EPOLLRDHUP : EPOLLOUT);
        event.data.fd = number_;
        if (::epoll_ctl(set_, EPOLL_CTL_ADD, number_, &event) == 0)
            return 0;
        always_ready_ = errno == EPERM;  // a regular file
        return always_ready_ ? 0 : errno;
    }

    bool holds(Event& report) override
    {
        if (always_ready_)
            return true;
        const short wanted = reads_ ? POLLIN | POLLRDHUP : POLLOUT;
        pollfd one{number_, wanted, 0};
        ::poll(&one, 1, 0);
        const bool gone = (one.revents & (POLLHUP | POLLERR | (reads_ ? POLLRDHUP : 0))) != 0;
        if (reads_ && is_socket(number_) && option(number_, SOL_SOCKET, SO_ACCEPTCONN)) {
            report.data = queued_connections(number_);
            return (one.revents & POLLIN) != 0;
        }
        report.data = reads_ ? readable_bytes(number_) : room(number_);
        if (gone)
            report.flags |= EV_EOF;
        return gone || (one.revents & (POLLIN | POLLOUT)) != 0;
    }

private:
    int number_;
    bool reads_;
    int set_;
    bool always_ready_ = false;
};

}

std::unique_ptr<Source> make_descriptor_source(const Event& change, const Place& place, int& error)
{
    const bool reads = change.filter == Filter::read;
    auto source = std::make_unique<DescriptorSource>(static_cast<int>(change.ident), reads,
                                                     reads ? place.readers : place.writers);
    error = source->join();
    return error == 0 ? std::move(source) : nullptr;
}

}
