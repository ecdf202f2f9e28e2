#pragma once

#include "tests/support/held_connections.hpp"
#include "tests/support/matrix_cell.hpp"

#include "cogen/cogen.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace matrix {

/// Where one cell is played: a scheduler that can end before its kernel does, and what is found
/// to be wrong.
class Stage {
public:
    explicit Stage(const Cell& cell);

    const Cell& cell() const { return cell_; }
    HeldConnections& kernel() { return kernel_; }
    cogen::Scheduler& scheduler() { return *scheduler_; }
    void end_scheduler() { scheduler_.reset(); }

    void expect(bool so, const std::string& what)
    {
        if (!so)
            faults_.push_back(what);
    }
    const std::vector<std::string>& faults() const { return faults_; }

    /// Nobody gives up the processor for so long.
    void advance(cogen::Duration duration) { kernel_.advance_to(kernel_.now() + duration); }

    // What other programs do, at once and beside the scheduler.

    std::size_t send(cogen::Descriptor descriptor, const std::string& bytes);
    std::string drain(cogen::Descriptor descriptor);  ///< all that is there to be read
    cogen::Descriptor connect(const cogen::Endpoint& endpoint);
    cogen::Descriptor accept(cogen::Descriptor listener);  ///< none where nobody waits
    void close(cogen::Descriptor& descriptor);

    /// More than a new connection takes in before it blocks, and less than twice that.
    std::string more_than_fits(cogen::Descriptor from, cogen::Descriptor to);

    /// The numbers that the next descriptors would have.
    std::vector<int> free_numbers();

    /// One where nobody else listens.
    static cogen::Endpoint unix_endpoint();

private:
    Cell cell_;
    std::unique_ptr<cogen::Kernel> network_;
    HeldConnections kernel_;
    std::optional<cogen::Scheduler> scheduler_;
    std::vector<std::string> faults_;
};

}
