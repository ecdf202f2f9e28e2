#pragma once

#include "cogen/cogen.hpp"
#include "tests/differential/datagram_flow.hpp"
#include "tests/differential/flow.hpp"
#include "tests/differential/program.hpp"

#include <deque>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace differential {

/// What goes through an end, whatever number its descriptor has. Null: nothing has ever gone that
/// way.
struct Traffic {
    std::shared_ptr<Flow> out = {};
    std::shared_ptr<Flow> in = {};
    std::shared_ptr<DatagramFlow> datagrams_out = {};
    std::shared_ptr<DatagramFlow> datagrams_in = {};
    cogen::Endpoint peer = {};  ///< of one for datagrams that is not connected
};

/// One end of a stream, as it is at present: empty before it is connected, and when it is closed.
struct End {
    std::variant<cogen::Socket, cogen::File, cogen::DatagramSocket> open = {};
    Traffic traffic = {};

    bool is_open() const { return descriptor().valid(); }
    cogen::Descriptor descriptor() const
    {
        return std::visit([](const auto& one) { return one.descriptor(); }, open);
    }
    cogen::Close close()
    {
        return std::visit([](auto& one) { return one.close(); }, open);
    }

    /// Its streams of bytes, or datagrams: what it is must fit.
    const cogen::DescriptorStream& stream() const;
    const cogen::DatagramSocket& datagrams() const { return std::get<cogen::DatagramSocket>(open); }

    /// Closes it: then it is an empty one of the same kind.
    void drop();
};

/// The streams of a program.
class Network {
public:
    Network(const Program& program, cogen::Scheduler& scheduler);

    /// Connects the pairs, and listens.
    void open(cogen::Yield& yield);

    End& end(int number) { return ends_.at(static_cast<std::size_t>(number)); }
    cogen::Listener& listener(int stream)
    {
        return listeners_.at(static_cast<std::size_t>(stream));
    }
    const Stream& stream_of(int end) const;

    /// A new socket for an end. Answers whether it had one already, which is closed.
    bool replace(int end, cogen::Socket socket);

    /// A descriptor that has been passed on, for the end that it was, and what goes through it.
    /// Answers the same.
    bool replace(int end, cogen::OpenDescriptor descriptor, Traffic traffic);

    /// All that is open, one a tick: each time somebody may be told, and go on.
    void close(cogen::Yield& yield, cogen::Duration tick);

    /// The same at once, when nobody is left.
    void close();

    /// Whether any of it takes_time().
    bool takes_time() const;

    /// What is wrong with what has gone through, now that the play is over.
    std::vector<std::string> faults() const;

private:
    void connect(std::size_t stream, std::pair<cogen::Socket, cogen::Socket> sockets);
    void connect(std::size_t stream, std::pair<cogen::DatagramSocket, cogen::DatagramSocket> pair);
    void connect_by_udp(cogen::Yield& yield, std::size_t stream);
    void lay_pipe(std::size_t stream);
    std::shared_ptr<Flow> new_flow(std::size_t from);
    std::shared_ptr<DatagramFlow> new_datagram_flow(std::size_t from);

    const Program& program_;
    cogen::Scheduler& scheduler_;
    std::deque<End> ends_;  // where they are while somebody waits for them
    std::deque<cogen::Listener> listeners_;
    std::vector<std::shared_ptr<Flow>> flows_;  // whose two ends are known
    std::vector<std::shared_ptr<DatagramFlow>> datagram_flows_;
};

}
