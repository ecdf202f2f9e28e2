#pragma once

#include "cogen/cogen.hpp"
#include "tests/differential/flow.hpp"
#include "tests/differential/program.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace differential {

/// One end of a stream, as it is at present: empty before it is connected, and when it is closed.
struct End {
    cogen::Socket socket = {};
    std::shared_ptr<Flow> out = {};  ///< null: nobody has ever been connected
    std::shared_ptr<Flow> in = {};
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

    /// All that is open, one a tick: each time somebody may be told, and go on.
    void close(cogen::Yield& yield, cogen::Duration tick);

    /// The same at once, when nobody is left.
    void close();

    /// Some of it takes its time, even between two sockets of one machine.
    bool has_tcp() const;

    /// What is wrong with the bytes that have gone through, now that the play is over.
    std::vector<std::string> faults() const;

private:
    void connect(std::size_t stream, std::pair<cogen::Socket, cogen::Socket> sockets);

    const Program& program_;
    cogen::Scheduler& scheduler_;
    std::deque<End> ends_;  // where they are while somebody waits for them
    std::deque<cogen::Listener> listeners_;
    std::vector<std::shared_ptr<Flow>> flows_;  // whose two ends are known
};

}
