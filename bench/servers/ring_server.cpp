// SPDX-License-Identifier: MIT
//
// The plainest good echo server on io_uring, written by hand as the floor is on epoll: what the
// reactor io_uring spends beyond it is the price of the rest of cogen. The call that waits hands
// over whatever the turn has asked for. A read begins by waiting, unless the last one has left
// bytes behind. Where a turn has brought one message only, it is sent back by a call of its own,
// which costs less than an entry. No coroutines, no timers, no errors but the end of a connection.
#include "bench/servers/servers.hpp"

#if __has_include(<liburing.h>) && !defined(COGEN_WITHOUT_LIBURING)

#include "bench/servers/counters.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <liburing.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

class RingServer {
public:
    RingServer()
    {
        io_uring_params parameters = {};
        parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN
                           | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL
                           | IORING_SETUP_CQSIZE;
        parameters.cq_entries = 16 * entries;
        const int answer = io_uring_queue_init_params(entries, &ring_, &parameters);
        if (answer < 0)
            throw std::system_error(-answer, std::generic_category(),
                                    "io_uring_setup, with flags that Linux has since 6.1");
    }
    ~RingServer() { io_uring_queue_exit(&ring_); }
    RingServer(const RingServer&) = delete;
    RingServer& operator=(const RingServer&) = delete;

    Ports ports() const { return {port_of(customers_.fd.get()), port_of(control_.fd.get())}; }

    [[noreturn]] void serve()
    {
        accept_from(customers_);
        accept_from(control_);
        for (;;) {
            io_uring_submit_and_wait(&ring_, 1);
            ++enters_;
            alone_ = io_uring_cq_ready(&ring_) == 1;
            unsigned head = 0, count = 0;
            io_uring_cqe* completion = nullptr;
            io_uring_for_each_cqe(&ring_, head, completion)
            {
                ++count;
                dispatch(*static_cast<Party*>(io_uring_cqe_get_data(completion)), *completion);
            }
            io_uring_cq_advance(&ring_, count);
        }
    }

private:
    static constexpr unsigned entries = 256;

    /// Whom an entry is for. There is one under way for each, so its buffer is the kernel's.
    struct Party {
        enum class Awaits { connection, message, room };

        explicit Party(OwnedFd descriptor, bool asks = false)
            : fd(std::move(descriptor)), controls(asks)
        {}

        OwnedFd fd;
        bool controls;  ///< asks for the counters
        Awaits awaits = Awaits::connection;
        bool has_more = false;  ///< the last read has left bytes behind
        std::array<char, 4096> buffer;
    };

    void dispatch(Party& party, const io_uring_cqe& completion)
    {
        switch (party.awaits) {
        case Party::Awaits::connection:
            if (completion.res >= 0)
                welcome(OwnedFd(completion.res), party.controls);
            accept_from(party);
            break;
        case Party::Awaits::message:
            party.has_more = completion.flags & IORING_CQE_F_SOCK_NONEMPTY;
            answer(party, completion.res);
            break;
        case Party::Awaits::room:
            receive(party);
            break;
        }
    }

    void welcome(OwnedFd fd, bool controls)
    {
        receive(*new Party(std::move(fd), controls));  // allowed: the kernel hands it back to us
    }

    void answer(Party& party, int received)
    {
        if (received <= 0) {
            finish(party);
        } else if (party.controls) {
            const auto line = to_line(counters());
            ::send(party.fd.get(), line.data(), line.size(), MSG_NOSIGNAL);
            receive(party);
        } else if (alone_) {
            ++sends_;
            ::send(party.fd.get(), party.buffer.data(), static_cast<std::size_t>(received),
                   MSG_NOSIGNAL);
            receive(party);
        } else {
            send(party, static_cast<std::size_t>(received));
        }
    }

    void accept_from(Party& listener)
    {
        io_uring_sqe entry = {};
        io_uring_prep_accept(&entry, listener.fd.get(), nullptr, nullptr, SOCK_NONBLOCK);
        add(entry, listener, Party::Awaits::connection);
    }

    void receive(Party& party)
    {
        io_uring_sqe entry = {};
        io_uring_prep_recv(&entry, party.fd.get(), party.buffer.data(), party.buffer.size(), 0);
        entry.ioprio = party.has_more ? 0 : IORING_RECVSEND_POLL_FIRST;
        add(entry, party, Party::Awaits::message);
    }

    void send(Party& party, std::size_t size)
    {
        io_uring_sqe entry = {};
        io_uring_prep_send(&entry, party.fd.get(), party.buffer.data(), size, MSG_NOSIGNAL);
        add(entry, party, Party::Awaits::room);
    }

    void finish(Party& party)
    {
        ++closes_;
        delete &party;
    }

    void add(const io_uring_sqe& entry, Party& party, Party::Awaits what)
    {
        io_uring_sqe* place = io_uring_get_sqe(&ring_);
        if (!place) {
            ++enters_;
            io_uring_submit(&ring_);
            place = io_uring_get_sqe(&ring_);
        }
        *place = entry;
        io_uring_sqe_set_data(place, &party);
        party.awaits = what;
    }

    Counters counters() const
    {
        Counters counters = own_time();
        counters.calls = {{"io_uring_enter", enters_}, {"send", sends_}, {"close", closes_}};
        return counters;
    }

    Party customers_{listen_on_loopback()};
    Party control_{listen_on_loopback(), true};
    io_uring ring_ = {};
    bool alone_ = false;  // this turn has brought one completion
    std::uint64_t enters_ = 0, sends_ = 0, closes_ = 0;
};

}

Server ring_server(const std::string& why_not)
{
    const std::string only_echo = "this server sends back short messages, and no more";
    return {
        "ring",
        Kind::peer,
        why_not,
        [](Service, const Announce& announce) {
            RingServer server;
            announce(server.ports());
            server.serve();
        },
        {{Service::stream, only_echo}, {Service::exchange, only_echo}, {Service::http, only_echo}}};
}

}

#else

namespace bench {

Server ring_server(const std::string&)
{
    return {"ring", Kind::peer, "liburing was not there when this program was built", {}};
}

}

#endif
