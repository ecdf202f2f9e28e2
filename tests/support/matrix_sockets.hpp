#pragma once

#include "tests/support/matrix_trial.hpp"

namespace matrix {

/// Two sockets of a kind, of which `here_` is the subject's, and has the time that the cell is
/// about while `Self` makes its operation().
template <class Self, class Kind = cogen::Socket>
class OnSockets : public TrialOf<Self> {
public:
    using TrialOf<Self>::TrialOf;

    auto operation()
    {
        if (this->cell().end == End::socket_timeout)
            here_.timeout(limit);
        auto operation = static_cast<Self&>(*this).make();
        here_.timeout(cogen::Timeout());
        return operation;
    }
    void close() override { here_ = Kind(); }
    void clear() override
    {
        here_ = Kind();
        there_ = Kind();
    }

protected:
    Kind here_;
    Kind there_;
};

}
