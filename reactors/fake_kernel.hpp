// SPDX-License-Identifier: MIT
#pragma once

#include "reactors/kernel.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace cogen {

/// A whole network in memory, for streams and datagrams, whose clock jumps when all sleep. It works
/// with the reactor that waits through its kernel, poll.
///
/// What is sent is there at once, and lost only where a datagram finds no room; who closes without
/// having read all resets the connection, as a Unix socket does; an address is taken as it stands,
/// and port 0 gets a free one. Pipes are in memory, too; other files are real. Derive from it to
/// have a call fail, or a network that is slow.
class FakeKernel : public Kernel {
public:
    FakeKernel();
    ~FakeKernel() override;

    TimePoint now() override { return now_; }
    bool time_is_virtual() const override { return true; }
    void advance_to(TimePoint time) override { now_ = time; }

    int socket(int family, int type) override;
    int socketpair(int family, int type, Descriptor (&pair)[2]) override;
    int bind(Descriptor descriptor, const sockaddr* address, socklen_t size) override;
    int listen(Descriptor descriptor, int backlog) override;
    int accept(Descriptor descriptor) override;
    int connect(Descriptor descriptor, const sockaddr* address, socklen_t size) override;
    ssize_t recv(Descriptor descriptor, MutableBuffer buffer) override;
    ssize_t send(Descriptor descriptor, ConstBuffer buffer) override;
    ssize_t recvmsg(Descriptor descriptor, msghdr& message) override;
    ssize_t sendmsg(Descriptor descriptor, const msghdr& message) override;
    ssize_t read(Descriptor descriptor, MutableBuffer buffer) override;
    ssize_t write(Descriptor descriptor, ConstBuffer buffer) override;
    ssize_t readv(Descriptor descriptor, std::span<const iovec> buffers) override;
    ssize_t writev(Descriptor descriptor, std::span<const iovec> buffers) override;
    int pipe(Descriptor (&ends)[2]) override;
    int fcntl(Descriptor descriptor, int command, int value) override;
    ssize_t sendfile(Descriptor descriptor, Descriptor file, off_t offset,
                     std::size_t count) override;
    int shutdown(Descriptor descriptor, int how) override;
    int close(Descriptor descriptor) override;
    using Kernel::getsockopt;
    using Kernel::setsockopt;
    int setsockopt(Descriptor descriptor, int level, int name, const void* value,
                   socklen_t size) override;
    int getsockopt(Descriptor descriptor, int level, int name, void* value,
                   socklen_t& size) override;
    int getsockname(Descriptor descriptor, sockaddr* address, socklen_t& size) override;
    int getpeername(Descriptor descriptor, sockaddr* address, socklen_t& size) override;
    int poll(std::span<pollfd> descriptors, Duration timeout) override;

private:
    /// One direction of a connection, or a pipe.
    struct Pipe {
        std::deque<std::byte> bytes;
        bool writer_gone = false;
        bool reader_gone = false;
        bool reset = false;  // the writer has gone without having read all: for the reader, once
    };

    struct Message {
        std::string bytes;
        std::string sender;  // the bytes of its sockaddr
    };

    struct File {
        int family = 0;
        int type = SOCK_STREAM;                              // or of_a_pipe
        std::string address;                                 // the bytes of its sockaddr
        std::string peer;                                    // and of the other's
        std::map<std::pair<int, int>, std::string> options;  // by level and name
        bool listening = false;
        std::deque<std::shared_ptr<File>> backlog;
        std::shared_ptr<Pipe> in;  // null: not connected
        std::shared_ptr<Pipe> out;
        std::deque<Message> inbox;       // of one for datagrams
        std::weak_ptr<File> other_half;  // of a pair of such
        bool other_half_closed = false;  // which the next send is told, once
        int error = 0;                   // that an earlier datagram has met with
    };

    static constexpr std::size_t capacity = 64 * 1024;  // of a Pipe
    static constexpr int first_number = 100'000;        // no real descriptor has such a number
    static constexpr int of_a_pipe = 0;

    File* find(Descriptor descriptor);
    int add(std::shared_ptr<File> file);
    static bool is_real(Descriptor descriptor) { return descriptor.number() < first_number; }
    static ssize_t take(Pipe& pipe, MutableBuffer buffer);
    static ssize_t put(Pipe& pipe, ConstBuffer buffer);
    std::string unused_address(int family);
    static void connect(File& a, File& b);
    static void hang_up(File& file);
    static short readiness(const File& file);
    static short readiness_of_pipe(const File& end);

    // What datagrams do otherwise.
    bool is_for_datagrams(Descriptor descriptor);
    ssize_t receive_datagram(File& file, msghdr& message);
    ssize_t send_datagram(File& file, const msghdr& message);
    std::shared_ptr<File> addressee(File& file, const std::string& address);
    int connect_datagrams(const std::shared_ptr<File>& file, const std::string& address);
    short readiness_for_datagrams(File& file);
    static bool is_full(const File& file);

    TimePoint now_{Duration(1'000'000'000)};
    std::map<int, std::shared_ptr<File>> files_;
    std::map<std::string, std::weak_ptr<File>> listeners_;
    std::map<std::string, std::weak_ptr<File>> bound_;  // for datagrams
    std::uint16_t last_port_ = 1024;
};

}
