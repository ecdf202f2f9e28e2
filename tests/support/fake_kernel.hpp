#pragma once

#include "reactors/kernel.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>

/// A whole network in memory, with stream sockets only, whose clock jumps when all sleep. It works
/// with the reactor that waits through its kernel, poll.
///
/// What is sent is there at once; an address is taken as it stands, and port 0 gets a free one.
class FakeKernel final : public cogen::Kernel {
public:
    FakeKernel();
    ~FakeKernel() override;

    cogen::TimePoint now() override { return now_; }
    bool time_is_virtual() const override { return true; }
    void advance_to(cogen::TimePoint time) override { now_ = time; }

    int socket(int family, int type) override;
    int socketpair(int family, int type, cogen::Descriptor (&pair)[2]) override;
    int bind(cogen::Descriptor descriptor, const sockaddr* address, socklen_t size) override;
    int listen(cogen::Descriptor descriptor, int backlog) override;
    int accept(cogen::Descriptor descriptor) override;
    int connect(cogen::Descriptor descriptor, const sockaddr* address, socklen_t size) override;
    ssize_t recv(cogen::Descriptor descriptor, cogen::MutableBuffer buffer) override;
    ssize_t send(cogen::Descriptor descriptor, cogen::ConstBuffer buffer) override;
    int shutdown(cogen::Descriptor descriptor, int how) override;
    int close(cogen::Descriptor descriptor) override;
    int setsockopt(cogen::Descriptor descriptor, int level, int name, int value) override;
    int getsockopt(cogen::Descriptor descriptor, int level, int name, int& value) override;
    int getsockname(cogen::Descriptor descriptor, sockaddr* address, socklen_t& size) override;
    int getpeername(cogen::Descriptor descriptor, sockaddr* address, socklen_t& size) override;
    int poll(std::span<pollfd> descriptors, cogen::Duration timeout) override;

private:
    /// One direction of a connection.
    struct Pipe {
        std::deque<std::byte> bytes;
        bool writer_gone = false;
        bool reader_gone = false;
    };

    struct File {
        int family = 0;
        std::string address;  // the bytes of its sockaddr
        bool listening = false;
        std::deque<std::shared_ptr<File>> backlog;
        std::shared_ptr<Pipe> in;  // null: not connected
        std::shared_ptr<Pipe> out;
    };

    static constexpr std::size_t capacity = 64 * 1024;  // of a Pipe

    File* find(cogen::Descriptor descriptor);
    int add(std::shared_ptr<File> file);
    static void connect(File& a, File& b);
    static short readiness(const File& file);

    cogen::TimePoint now_{cogen::Duration(1'000'000'000)};
    std::map<int, std::shared_ptr<File>> files_;
    std::map<std::string, std::weak_ptr<File>> listeners_;
    std::uint16_t last_port_ = 1024;
};
