#pragma once

#include "cogen/instrument.hpp"
#include "cogen/record.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace differential {

/// Sees to it that each coroutine begins once, ends once, and is woken once for each yield.
class Witness final : public cogen::Instrument {
public:
    void spawned(const cogen::Coroutine& coroutine) noexcept override
    {
        if (!seen_.try_emplace(coroutine.id()).second)
            faults_.push_back(coroutine.record().title() + " was spawned twice");
    }

    void resumed(const cogen::Coroutine& coroutine) noexcept override
    {
        Seen& seen = seen_[coroutine.id()];
        if (seen.state == Seen::running)
            faults_.push_back(coroutine.record().title() + " was resumed twice");
        seen.state = Seen::running;
    }

    void yielded(const cogen::Coroutine& coroutine, const cogen::Operation&) noexcept override
    {
        seen_[coroutine.id()].state = Seen::waiting;
    }

    void woken(const cogen::Coroutine& coroutine,
               const cogen::Operation& operation) noexcept override
    {
        Seen& seen = seen_[coroutine.id()];
        if (seen.state != Seen::waiting)
            faults_.push_back(coroutine.record().title() + " was woken twice by "
                              + operation.describe());
        seen.state = Seen::ready;
        ++seen.wakes;
        ++wakes_;
    }

    void ended(const cogen::Record& record) noexcept override
    {
        Seen& seen = seen_[record.id()];
        if (seen.state == Seen::over)
            faults_.push_back(record.title() + " ended twice");
        seen.state = Seen::over;
        ++ended_;
    }

    /// How often it has waited and been woken.
    int wakes(cogen::CoroutineId id) const { return seen_.at(id).wakes; }

    std::size_t number_of_wakes() const { return wakes_; }
    std::size_t number_spawned() const { return seen_.size(); }
    std::size_t number_ended() const { return ended_; }
    const std::vector<std::string>& faults() const { return faults_; }

private:
    struct Seen {
        enum State : unsigned char { ready, running, waiting, over } state = ready;
        int wakes = 0;
    };

    std::unordered_map<cogen::CoroutineId, Seen> seen_;
    std::size_t ended_ = 0;
    std::size_t wakes_ = 0;
    std::vector<std::string> faults_;
};

}
